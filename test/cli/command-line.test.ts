// Command lines against the exit status and what is written where. The commands are small ones made for it; everything
// around them is the program's own.

import { PolicyError } from '../../src/account/policy-file';
import { type Register, UsageError } from '../../src/cli/command';
import { runCommandLine } from '../../src/cli/command-line';
import { EXIT } from '../../src/cli/exit-code';

const greet: Register = (program, act) => {
  program
    .command('greet <name>')
    .description('says hello')
    .option('--loud', 'in capitals')
    .action(
      act((output, name: string, options: { loud?: boolean }) => {
        const greeting = options.loud === true ? `HELLO ${name}` : `hello ${name}`;
        output.print({ greeting }, () => greeting);
        return EXIT.done;
      }),
    );
};

const differ: Register = (program, act) => {
  program.command('differ').action(act(async () => EXIT.refused));
};

const inner: Register = (program, act) => {
  const group = program.command('expr');
  group.command('run').action(
    act(output => {
      output.print([1], () => 'one');
      return EXIT.done;
    }),
  );
};

function failing(error: unknown): Register {
  return (program, act) => {
    program.command('fail').action(
      act(() => {
        throw error;
      }),
    );
  };
}

async function run(line: readonly string[], error: unknown = new Error('unused')) {
  let stdout = '';
  let stderr = '';
  const commands = { greet: () => greet, differ: () => differ, expr: () => inner, fail: () => failing(error) };
  const status = await runCommandLine(line, commands, {
    stdout: { write: text => (stdout += text) },
    stderr: { write: text => (stderr += text) },
  });
  return { status, stdout, stderr };
}

describe('results', () => {
  test.each<[string, string[], number, string]>([
    ['text', ['greet', 'Ann'], 0, 'hello Ann\n'],
    ['text with an option', ['greet', '--loud', 'Ann'], 0, 'HELLO Ann\n'],
    ['JSON', ['greet', '--json', 'Ann'], 0, '{"greeting":"hello Ann"}\n'],
    ['JSON, the option last', ['greet', 'Ann', '--json'], 0, '{"greeting":"hello Ann"}\n'],
    ['text where --json is an argument', ['greet', '--', '--json'], 0, 'hello --json\n'],
    ['JSON of a command in a group', ['expr', 'run', '--json'], 0, '[1]\n'],
    ['a difference', ['differ'], 1, ''],
  ])('%s', async (_, line, status, stdout) => {
    expect(await run(line)).toEqual({ status, stdout, stderr: '' });
  });

  test('--version is the one of package.json', async () => {
    expect(await run(['--version'])).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' });
  });

  test('--help names the options, --json among them', async () => {
    const { status, stdout, stderr } = await run(['greet', '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Usage: rampart greet [options] <name>');
    expect(stdout).toContain('--json      print JSON, one value a line; errors too');
  });
});

describe('a command line that asks for nothing ends with status 2', () => {
  test.each<[string, string[], string]>([
    ['no such command', ['gret', 'Ann'], "unknown command 'gret'\n(Did you mean greet?)"],
    ['no such option', ['greet', 'Ann', '--lout'], "unknown option '--lout'\n(Did you mean --loud?)"],
    ['an argument too few', ['greet'], "missing required argument 'name'"],
    ['an argument too many', ['greet', 'Ann', 'Bob'], "too many arguments for 'greet'. Expected 1 argument but got 2."],
  ])('%s', async (_, line, message) => {
    expect(await run(line)).toEqual({
      status: 2,
      stdout: '',
      stderr: `rampart: ${message} [usage]\n  cure: see rampart --help\n`,
    });
    expect(await run([...line, '--json'])).toEqual({
      status: 2,
      stdout: '',
      stderr: `${JSON.stringify({ errors: [{ code: 'usage', message, cure: 'see rampart --help' }] })}\n`,
    });
  });

  test.each([[[]], [['expr']]])('no command in %j: the help, as an error', async line => {
    const { status, stdout, stderr } = await run(line);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: rampart/);
  });

  test('what a command finds itself', async () => {
    expect(await run(['fail'], new UsageError('neither --expr nor -f', 'give one of them'))).toEqual({
      status: 2,
      stdout: '',
      stderr: 'rampart: neither --expr nor -f [usage]\n  cure: give one of them\n',
    });
  });
});

class KernelError extends Error {
  readonly code = 'EPERM';
  readonly cure = 'run it as root';
}

class VerifierError extends Error {
  readonly code = 'EACCES';
  readonly verifierLog = '0: (95) exit\nR0 !read_ok';
}

const POLICY_ERROR = new PolicyError('p.yaml', [
  { code: 'policy.missing', path: '/account', line: 1, column: 1, message: '"account" is missing', cure: 'add it' },
  { code: 'policy.type', path: '', line: 2, column: 3, message: 'a list', cure: 'write a mapping' },
]);

describe('errors are written to standard error, with status 1', () => {
  test.each<[string, unknown, string, unknown[]]>([
    [
      'an error with code and cure',
      new KernelError('cannot enter'),
      'rampart: cannot enter [EPERM]\n  cure: run it as root\n',
      [{ code: 'EPERM', message: 'cannot enter', cure: 'run it as root' }],
    ],
    [
      'a cure that the message ends with is said once',
      new KernelError('cannot enter: run it as root'),
      'rampart: cannot enter [EPERM]\n  cure: run it as root\n',
      [{ code: 'EPERM', message: 'cannot enter', cure: 'run it as root' }],
    ],
    [
      "the verifier's log",
      new VerifierError('cannot load'),
      'rampart: cannot load [EACCES]\n  0: (95) exit\n  R0 !read_ok\n',
      [{ code: 'EACCES', message: 'cannot load', details: '0: (95) exit\nR0 !read_ok' }],
    ],
    [
      'all problems of a policy',
      POLICY_ERROR,
      'rampart: p.yaml:1:1 /account: "account" is missing [policy.missing]\n  cure: add it\n' +
        'rampart: p.yaml:2:3: a list [policy.type]\n  cure: write a mapping\n',
      [
        {
          code: 'policy.missing',
          place: 'p.yaml:1:1',
          path: '/account',
          message: '"account" is missing',
          cure: 'add it',
        },
        { code: 'policy.type', place: 'p.yaml:2:3', path: '', message: 'a list', cure: 'write a mapping' },
      ],
    ],
    ['a thrown text', 'oops', 'rampart: oops [defect]\n', [{ code: 'defect', message: 'oops' }]],
  ])('%s', async (_, error, text, errors) => {
    expect(await run(['fail'], error)).toEqual({ status: 1, stdout: '', stderr: text });
    expect(await run(['fail', '--json'], error)).toEqual({
      status: 1,
      stdout: '',
      stderr: `${JSON.stringify({ errors })}\n`,
    });
  });

  test('a defect shows where it happened', async () => {
    const { status, stderr } = await run(['fail'], new TypeError('x is undefined'));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^rampart: x is undefined \[defect\]\n {2}TypeError: x is undefined\n {6}at .*command-line\.test\.ts/,
    );
  });
});

test('a command that cannot be loaded does not keep others from running', async () => {
  const commands = {
    differ: () => differ,
    broken: () => {
      throw new KernelError('the addon does not load');
    },
  };
  let stderr = '';
  const streams = { stdout: { write: () => true }, stderr: { write: (text: string) => (stderr += text) } };
  expect(await runCommandLine(['differ'], commands, streams)).toBe(1);
  expect(stderr).toBe('');
  expect(await runCommandLine(['broken'], commands, streams)).toBe(1);
  expect(stderr).toBe('rampart: the addon does not load [EPERM]\n  cure: run it as root\n');
});
