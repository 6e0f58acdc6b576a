// What cannot be done is refused with a code and a cure, and leaves the policy in force as it was: the same rules by
// their handles, the same counts, the same pins. What only disturbs is overcome.

import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOf } from '../packet/capture-file';
import { WRITTEN_FRAMES } from '../packet/frames';
import { type Machine, startMachine } from './machine';

const ACCOUNT = 'account: "0123456789abcdef0123456789abcdef"\n';
const IN_FORCE = `${ACCOUNT}rules:
  - { ref: sip, expression: udp.dstport == 5060, action: log }
  - { ref: ports, expression: 'tcp.dstport in {22 80..90 443}', action: block }
  - { ref: token, expression: 'ends_with(udp.payload, "in force")', action: block }
`;
const NEXT = `${ACCOUNT}rules:
  - { ref: ports, expression: 'tcp.dstport in {23 80..99}', action: block }
  - { ref: token, expression: 'ends_with(udp.payload, "next")', action: block }
`;
/** A program that follows a pointer it has not checked. */
const UNSAFE = '__attribute__((section("socket"), used)) int rampart(char *skb) { return *(*(char **)skb + 5); }\n';
const TAKE_OUTPUT = 'while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done; cat > /dev/null';

const folder = mkdtempSync(join(tmpdir(), `rampart-refusal-${process.pid}-`));
const file = (name: string) => join(folder, name);
let machine: Machine;

beforeAll(async () => {
  for (const name of ['full', 'read-only', 'own-cache']) mkdirSync(file(name));
  const texts = {
    'in-force.yaml': IN_FORCE,
    'next.yaml': NEXT,
    'unknown-key.yaml': `${NEXT}colour: red\n`,
    'refused.yaml': `${ACCOUNT}rules:\n  - { expression: tcp.dstport ==, action: block }\n`,
    'broken.yaml': 'rules: [',
    'broken.pcap': 'no capture at all',
    'unsafe.c': UNSAFE,
    'unsafe-clang': `#!/bin/sh\n${TAKE_OUTPUT}\nexec clang -O2 -g -target bpf -c ${file('unsafe.c')} -o "$out"\n`,
    'refusing-clang': '#!/bin/sh\ncat > /dev/null\necho "a compiler that is out of order" >&2\nexit 1\n',
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(file(name), text);
  for (const name of ['unsafe-clang', 'refusing-clang']) chmodSync(file(name), 0o755);
  writeFileSync(file('cut.pcap'), captureOf(WRITTEN_FRAMES).subarray(0, 60));
  writeFileSync(file('packets.pcap'), captureOf(WRITTEN_FRAMES));
  machine = await startMachine();
  machine.output('mount', '-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', file('full'));
  machine.output('mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs', file('read-only'));
  for (const name of ['account', 'other', 'foreign', 'foreign6']) machine.output('ip', 'netns', 'add', name);
  inNamespace('foreign', 'nft', 'add', 'table', 'ip', 'rampart');
  inNamespace('foreign6', 'nft', 'add', 'table', 'ip6', 'rampart');
  inNamespace('account', 'ip', 'link', 'set', 'lo', 'up');
  expect(machine.rampart(['apply', '-f', file('in-force.yaml'), '--netns', 'account'])).toMatchObject({ status: 0 });
  inNamespace('account', 'bash', '-c', 'for i in 1 2 3; do echo x > /dev/udp/127.0.0.1/5060; done');
});

afterAll(async () => {
  await machine.stop();
  rmSync(folder, { recursive: true });
});

interface Refusal {
  readonly parameters: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Capabilities that the process does without. */
  readonly without?: string;
  readonly code: string;
  readonly message: RegExp;
  readonly cure: RegExp;
}

const APPLY_NEXT = ['apply', '-f', file('next.yaml')];
const TO_ACCOUNT = [...APPLY_NEXT, '--netns', 'account'];

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a program that the verifier refuses': {
    parameters: [...TO_ACCOUNT, '--cache', file('own-cache')],
    environment: { CLANG: file('unsafe-clang') },
    code: 'EACCES',
    message: /^cannot load the BPF object [0-9a-f]{32}$/,
    cure: /^the verifier says: /,
  },
  'a compiler that refuses the program': {
    parameters: [...TO_ACCOUNT, '--cache', file('own-cache/2')],
    environment: { CLANG: file('refusing-clang') },
    code: 'compiler.refused',
    message: /a compiler that is out of order/,
    cure: /report/,
  },
  'no compiler': {
    parameters: [...TO_ACCOUNT, '--cache', file('own-cache/3')],
    environment: { CLANG: file('no-clang') },
    code: 'compiler.missing',
    message: /no-clang is not installed/,
    cure: /apt-get install clang/,
  },
  'a full disk below the cache': {
    parameters: [...TO_ACCOUNT, '--cache', file('full/cache')],
    code: 'compiler.cache',
    message: /no space is left/,
    cure: /free some, or name another --cache/,
  },
  'a cache that cannot be made': {
    parameters: [...TO_ACCOUNT, '--cache', file('read-only/cache')],
    code: 'compiler.cache',
    message: /read-only\/cache cannot be made/,
    cure: /make it writable, or name another --cache/,
  },
  'a cache that cannot be written': {
    parameters: [...TO_ACCOUNT, '--cache', file('read-only')],
    code: 'compiler.cache',
    message: /read-only/,
    cure: /make it writable, or name another --cache/,
  },
  'a cache that is a file': {
    parameters: [...TO_ACCOUNT, '--cache', file('next.yaml')],
    code: 'compiler.cache',
    message: /next\.yaml/,
    cure: /name another --cache/,
  },
  'a table of our name in ip that is not ours': {
    parameters: [...APPLY_NEXT, '--netns', 'foreign'],
    code: 'reconcile.foreign-table',
    message: /^table ip rampart exists already and was not made by rampart$/,
    cure: /nft list table ip rampart/,
  },
  'a table of our name in ip6 that is not ours': {
    parameters: [...APPLY_NEXT, '--netns', 'foreign6'],
    code: 'reconcile.foreign-table',
    message: /^table ip6 rampart exists already and was not made by rampart$/,
    cure: /nft list table ip6 rampart/,
  },
  'destroying a table that is not ours': {
    parameters: ['destroy', '--netns', 'foreign'],
    code: 'reconcile.foreign-table',
    message: /^table ip rampart/,
    cure: /nft list table ip rampart/,
  },
  'a namespace that does not exist': {
    parameters: [...APPLY_NEXT, '--netns', 'nowhere'],
    code: 'ENOENT',
    message: /nowhere/,
    cure: /`ip netns add nowhere` makes it; there are: account, foreign, foreign6, other$/,
  },
  'a name that no namespace can have': {
    parameters: [...APPLY_NEXT, '--netns', '../account'],
    code: 'EINVAL',
    message: /'\.\.\/account' is no name of a network namespace/,
    cure: /1 to 255 bytes/,
  },
  'no CAP_NET_ADMIN': {
    parameters: TO_ACCOUNT,
    without: '-net_admin',
    code: 'EPERM',
    message: /./,
    cure: /CAP_NET_ADMIN/,
  },
  'no CAP_SYS_ADMIN to enter a namespace': {
    parameters: TO_ACCOUNT,
    without: '-sys_admin',
    code: 'EPERM',
    message: /./,
    cure: /CAP_SYS_ADMIN/,
  },
  'neither CAP_BPF nor CAP_SYS_ADMIN': {
    parameters: APPLY_NEXT,
    without: '-bpf,-sys_admin',
    code: 'EPERM',
    message: /./,
    cure: /CAP_BPF/,
  },
  'a policy that is not there': {
    parameters: ['apply', '-f', file('no.yaml'), '--netns', 'account'],
    code: 'ENOENT',
    message: /no such file or directory, [a-z]+ '.*no\.yaml'/,
    cure: /^name a file that exists$/,
  },
  'a policy that is a folder': {
    parameters: ['apply', '-f', folder, '--netns', 'account'],
    code: 'EISDIR',
    message: /illegal operation on a directory/,
    cure: /^name a file, not a folder$/,
  },
  'a policy that is no YAML': {
    parameters: ['apply', '-f', file('broken.yaml'), '--netns', 'account'],
    code: 'policy.syntax',
    message: /./,
    cure: /mend the YAML or JSON at this place/,
  },
  'a policy with a key that there is not': {
    parameters: ['apply', '-f', file('unknown-key.yaml'), '--netns', 'account'],
    code: 'policy.unknown-key',
    message: /colour/,
    cure: /account, namespace, prefixes, tunnels, routes, return, mss, lists, rules$/,
  },
  'an expression that is none': {
    parameters: ['apply', '-f', file('refused.yaml'), '--netns', 'account'],
    code: 'RF3001',
    message: /./,
    cure: /./,
  },
  'a rule that nftables cannot say, where it alone may': {
    parameters: [...TO_ACCOUNT, '--backend', 'nft'],
    code: 'RF2026',
    message: /it reads bytes that nftables has no expression for/,
    cure: /./,
  },
  'a capture that is not there': {
    parameters: ['replay', '-f', file('next.yaml'), '--pcap', file('no.pcap')],
    code: 'ENOENT',
    message: /no such file or directory, open '.*no\.pcap'/,
    cure: /^name a file that exists$/,
  },
  'a capture that is none': {
    parameters: ['replay', '-f', file('next.yaml'), '--pcap', file('broken.pcap')],
    code: 'capture.not-a-capture',
    message: /./,
    cure: /tcpdump/,
  },
  'a capture that is cut off': {
    parameters: ['trace', '-f', file('next.yaml'), '--pcap', file('cut.pcap')],
    code: 'capture.truncated',
    message: /./,
    cure: /./,
  },
};

describe('is refused, and nothing changes:', () => {
  test.each(Object.entries(REFUSALS))('%s', (_, { parameters, environment, without, code, message, cure }) => {
    const before = state();
    const command = [RAMPART, ...parameters, '--json'];
    const all = without === undefined ? command : ['setpriv', `--bounding-set=${without}`, ...command];
    const { status, stdout, stderr } = machine.run(all, environment);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^\{"errors":\[.*\]\}\n$/) });
    const { errors }: { errors: { code: string; message: string; cure: string }[] } = JSON.parse(stderr);
    expect(errors[0]?.message).toMatch(message);
    expect(errors[0]?.cure).toMatch(cure);
    expect(errors[0]?.code).toBe(code);
    if (parameters[0] !== 'trace') expect(stdout).toBe('');
    expect(state()).toEqual(before);
  });
});

test('a pin of the policy in force that went missing is made again by the next apply', () => {
  const before = state();
  for (const kind of ['program', 'user/name-account']) {
    machine.output('find', `/sys/fs/bpf/rampart/${kind}`, '-type', 'f', '-delete');
    expect(state().pins).not.toEqual(before.pins);
    const { status, stderr } = machine.rampart(['apply', '-f', file('in-force.yaml'), '--netns', 'account']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(state()).toEqual(before);
  }
});

test('a reader of the output that leaves early is no error', () => {
  const replay = `${RAMPART} replay -f ${file('next.yaml')} --pcap ${file('packets.pcap')}`;
  const { stderr } = machine.run(['sh', '-c', `{ ${replay}; echo "status $?" >&2; } | head -1 > /dev/null`]);
  expect(stderr).toBe('status 0\n');
});

describe('disturbed by others,', () => {
  test('apply succeeds while another process keeps changing tables', async () => {
    const disturb = 'while :; do nft add table inet disturbance; nft delete table inet disturbance; done';
    const disturbance = machine.spawn(['ip', 'netns', 'exec', 'other', 'sh', '-c', disturb]);
    try {
      for (const policy of ['in-force.yaml', 'next.yaml', 'in-force.yaml', 'next.yaml']) {
        const { status, stderr } = machine.rampart(['apply', '-f', file(policy), '--netns', 'other']);
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      }
      expect(refsInForce('other')).toEqual(['ports', 'token']);
    } finally {
      await machine.end(disturbance);
    }
  });

  test('two applies to one namespace at the same time both succeed, and one of the policies is in force', async () => {
    for (let round = 0; round < 5; round++) {
      const statuses = await Promise.all(['in-force.yaml', 'next.yaml'].map(policy => applying(policy, 'other')));
      expect(statuses).toEqual(['0 ', '0 ']);
      const refs = refsInForce('other').join(' ');
      expect(['sip ports token', 'ports token']).toContain(refs);
      const policy = refs.startsWith('sip') ? 'in-force.yaml' : 'next.yaml';
      const again = machine.rampart(['apply', '-f', file(policy), '--netns', 'other', '--json']);
      expect(JSON.parse(again.stdout)).toMatchObject({ difference: { none: true } });
    }
  });

  test('applies and destroys of one program in several namespaces at the same time all succeed', async () => {
    const names = ['one', 'two', 'three'];
    for (const name of names) machine.output('ip', 'netns', 'add', name);
    for (let round = 0; round < 5; round++) {
      expect(await Promise.all(names.map(name => applying('next.yaml', name)))).toEqual(['0 ', '0 ', '0 ']);
      const mixed = [destroying('one'), destroying('two'), applying('next.yaml', 'three')];
      expect(await Promise.all(mixed)).toEqual(['0 ', '0 ', '0 ']);
    }
    expect(refsInForce('three')).toEqual(['ports', 'token']);
    for (const name of names) machine.output('ip', 'netns', 'delete', name);
  }, 120_000);

  test('apply with its pins taken away under it ends in the old or the new policy', async () => {
    const thief = machine.spawn(['sh', '-c', 'while :; do rm -rf /sys/fs/bpf/rampart/program/*; done']);
    const before = refsInForce('account');
    let result: string;
    try {
      result = await applying('next.yaml', 'account');
    } finally {
      await machine.end(thief);
    }
    const refs = refsInForce('account');
    if (result === '0 ') expect(refs).toEqual(['ports', 'token']);
    else
      expect({ refs, result }).toEqual({
        refs: before,
        result: expect.stringMatching(/^1 rampart: .* \[reconcile\.missing-pin\]\n {2}cure: find what removes files/),
      });
    expect(await applying('in-force.yaml', 'account')).toBe('0 ');
    expect(refsInForce('account')).toEqual(['sip', 'ports', 'token']);
  });
});

const RAMPART = join(__dirname, '../../bin/rampart');

function inNamespace(name: string, ...command: readonly string[]): string {
  return machine.output('nsenter', `--net=/run/netns/${name}`, ...command);
}

interface State {
  /** With handles, which a rule that was made anew does not keep, and counts. */
  readonly rulesets: readonly string[];
  readonly pins: readonly string[];
  readonly namespaces: string;
}

function state(): State {
  const list = ['nft', '--handle', 'list', 'ruleset'];
  return {
    rulesets: [machine.output(...list), ...['account', 'foreign', 'foreign6'].map(name => inNamespace(name, ...list))],
    pins: machine.output('find', '/sys/fs/bpf').split('\n').sort(),
    namespaces: machine.output('ls', '/run/netns'),
  };
}

function refsInForce(name: string): string[] {
  const { stdout } = machine.rampart(['show', '--netns', name, '--json']);
  const { rules }: { rules: { ref: string }[] } = JSON.parse(stdout);
  return rules.map(({ ref }) => ref);
}

function applying(policy: string, name: string): Promise<string> {
  return statusAndErrors(['apply', '-f', file(policy), '--netns', name]);
}

function destroying(name: string): Promise<string> {
  return statusAndErrors(['destroy', '--netns', name]);
}

async function statusAndErrors(parameters: readonly string[]): Promise<string> {
  const child = machine.start(parameters);
  const errors: string[] = [];
  child.stderr?.on('data', chunk => errors.push(String(chunk)));
  child.stdout?.resume();
  const [status] = await once(child, 'close');
  return `${status} ${errors.join('')}`;
}
