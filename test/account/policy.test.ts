// Policy files: what is read, and each way in which a file is refused, with the place and the words.

import type { Account } from '../../src/account/account';
import { parseAccount } from '../../src/account/parse-account';
import { DEFAULT_POLICY_LIMITS } from '../../src/account/policy-limits';
import type { PolicyProblem } from '../../src/account/policy-problem';

const ACCOUNT = 'account: 0123456789abcdef0123456789abcdef';

function read(text: string, limits = DEFAULT_POLICY_LIMITS): Account {
  const reading = parseAccount(text, limits);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return reading.account;
}

function refuse(text: string, limits = DEFAULT_POLICY_LIMITS): readonly PolicyProblem[] {
  const reading = parseAccount(text, limits);
  if (reading.kind === 'account') throw new Error('the policy was read');
  return reading.problems;
}

const YAML = `# of the shop
${ACCOUNT}
lists:
  office: [192.0.2.1, 198.51.100.0/24, "2001:db8::/32", ::1]
  empty_1: []
rules:
  - ref: no-telnet:1.0
    description: Telnet from anywhere
    expression: tcp.dstport == 23
    action: block
  - expression: ip.src in $office
    action: skip
    action_parameters: {ruleset: current}
  - {expression: "true", action: log, enabled: false}
`;

const JSON_TEXT = `{
\t"account": "0123456789abcdef0123456789abcdef",
\t"rules": [
\t\t{"expression": "ends_with(udp.payload, \\"xyzzy\\")", "action": "block", "enabled": true}
\t]
}`;

describe('a policy is read', () => {
  test('from YAML, with defaults where keys are left out', () => {
    const policy = read(YAML);
    expect(policy.account).toBe('0123456789abcdef0123456789abcdef');
    expect([...policy.lists]).toEqual([
      [
        'office',
        [
          { family: 4, from: 0xc0000201n, to: 0xc0000201n },
          { family: 4, from: 0xc6336400n, to: 0xc63364ffn },
          { family: 6, from: 0x20010db8n << 96n, to: (0x20010db9n << 96n) - 1n },
          { family: 6, from: 1n, to: 1n },
        ],
      ],
      ['empty_1', []],
    ]);
    expect(policy.rules.map(({ expressionSource, ...rule }) => rule)).toEqual([
      {
        index: 1,
        ref: 'no-telnet:1.0',
        description: 'Telnet from anywhere',
        expression: 'tcp.dstport == 23',
        action: 'block',
        enabled: true,
      },
      { index: 2, ref: '2', description: '', expression: 'ip.src in $office', action: 'skip', enabled: true },
      { index: 3, ref: '3', description: '', expression: 'true', action: 'log', enabled: false },
    ]);
    expect(policy.rules[1]?.expressionSource).toEqual({
      path: '/rules/1/expression',
      line: 11,
      column: 17,
      style: 'plain',
      raw: 'ip.src in $office',
    });
  });

  test('from JSON, tabs and all', () => {
    const policy = read(JSON_TEXT);
    expect(policy.lists.size).toBe(0);
    expect(policy.rules).toEqual([
      {
        index: 1,
        ref: '1',
        description: '',
        expression: 'ends_with(udp.payload, "xyzzy")',
        expressionSource: {
          path: '/rules/0/expression',
          line: 4,
          column: 18,
          style: 'double-quoted',
          raw: '"ends_with(udp.payload, \\"xyzzy\\")"',
        },
        action: 'block',
        enabled: true,
      },
    ]);
  });

  test('without a rule', () => {
    expect(read(`${ACCOUNT}\nrules: []`).rules).toEqual([]);
  });

  test('with a number as the ref of the rule that has that number', () => {
    expect(read(`${ACCOUNT}\nrules: [{ref: "1", expression: a, action: log}]`).rules[0]?.ref).toBe('1');
  });

  test('with a list called like a property of every object', () => {
    expect([...read(`${ACCOUNT}\nlists: {constructor: [192.0.2.1]}\nrules: []`).lists.keys()]).toEqual(['constructor']);
  });
});

/** [code, path, line:column, message, cure] of each problem. */
type Row = readonly [string, string, string, string, string];

function rows(problems: readonly PolicyProblem[]): Row[] {
  return problems.map(({ code, path, line, column, message, cure }) => [
    code,
    path,
    `${line}:${column}`,
    message,
    cure,
  ]);
}

const RULE = 'expression: a, action: log';
const MEND = 'mend the YAML or JSON at this place';
const ACCOUNT_CURE = 'account: 1 to 64 of letters, digits, _ . : and -';
const REF_CURE = 'ref: 1 to 64 of letters, digits, _ . : and -';
const FEATURE_CURE = 'a key is text, which quotes make of a number, and not __proto__';

test('digits and `true` are text where text belongs', () => {
  const policy = read('account: 00000000000000000000000000000042\nrules: [{ref: 7, expression: true, action: log}]');
  expect(policy.account).toBe('00000000000000000000000000000042');
  expect(policy.rules.map(({ ref, expression }) => [ref, expression])).toEqual([['7', 'true']]);
});

describe('a policy is refused', () => {
  test.each<[string, string, Row[]]>([
    [
      'that is empty',
      '',
      [
        [
          'policy.type',
          '',
          '1:1',
          'nothing where a mapping belongs',
          'a policy is a mapping with account, lists and rules',
        ],
      ],
    ],
    [
      'that is a list',
      '- 1',
      [
        [
          'policy.type',
          '',
          '1:1',
          'a list where a mapping belongs',
          'a policy is a mapping with account, lists and rules',
        ],
      ],
    ],
    [
      'that is neither YAML nor JSON',
      `${ACCOUNT}\nrules: [`,
      [
        [
          'policy.syntax',
          '',
          '2:9',
          'Flow sequence in block collection must be sufficiently indented and end with a ]',
          MEND,
        ],
      ],
    ],
    [
      'that is nothing but brackets',
      '['.repeat(5000),
      [['policy.syntax', '', expect.anything(), 'brackets nested too deeply', MEND]],
    ],
    [
      'with an account that is no name',
      'account: a b\nrules: []',
      [['policy.value', '/account', '1:10', '"a b" is not allowed here', ACCOUNT_CURE]],
    ],
    [
      'with an account of 65 characters',
      `account: ${'a'.repeat(65)}\nrules: []`,
      [['policy.value', '/account', '1:10', expect.stringContaining('is not allowed here'), ACCOUNT_CURE]],
    ],
    [
      'without account and rules',
      'lists: {}',
      [
        ['policy.missing', '/account', '1:1', '"account" is missing', ACCOUNT_CURE],
        ['policy.missing', '/rules', '1:1', '"rules" is missing', 'rules: [{expression: …, action: …}, …]'],
      ],
    ],
    [
      'with unknown keys, each by its name',
      `${ACCOUNT}\nrulez: 1\nrules: [{${RULE}, actoin: 1, notes: x}]`,
      [
        [
          'policy.unknown-key',
          '/rulez',
          '2:1',
          'unknown key "rulez"',
          'remove it; the keys here are account, namespace, prefixes, tunnels, routes, return, mss, lists, rules',
        ],
        [
          'policy.unknown-key',
          '/rules/0/actoin',
          '3:38',
          'unknown key "actoin"',
          'remove it; the keys here are ref, description, expression, action, action_parameters, enabled',
        ],
        [
          'policy.unknown-key',
          '/rules/0/notes',
          '3:49',
          'unknown key "notes"',
          'remove it; the keys here are ref, description, expression, action, action_parameters, enabled',
        ],
      ],
    ],
    [
      'with a key that stands twice',
      `${ACCOUNT}\nrules:\n  - {${RULE}}\nrules: []`,
      [['policy.duplicate-key', '/rules', '4:1', 'the key "rules" stands twice in one mapping', 'keep one of the two']],
    ],
    [
      'with a JSON key that stands twice',
      `{"account":"0123456789abcdef0123456789abcdef","rules":[{"expression":"a","action":"log","action":"block"}]}`,
      [
        [
          'policy.duplicate-key',
          '/rules/0/action',
          '1:89',
          'the key "action" stands twice in one mapping',
          'keep one of the two',
        ],
      ],
    ],
    [
      'with an alias',
      `${ACCOUNT}\nlists: {a: &x [192.0.2.1], b: *x}\nrules: []`,
      [['policy.yaml-feature', '/lists/b', '2:31', '*x is an alias', 'write out the value it stands for']],
    ],
    [
      'with a tag',
      `${ACCOUNT}\nrules: [{expression: !str a, action: log}]`,
      [['policy.yaml-feature', '/rules/0/expression', '2:27', '!str is a tag', 'write the value without it']],
    ],
    [
      'with keys that are no names',
      `${ACCOUNT}\nlists:\n  true: []\n  __proto__: []\n  ? [a]\n  : []\nrules: []`,
      [
        ['policy.yaml-feature', '/lists', '3:3', 'true cannot be a key', FEATURE_CURE],
        ['policy.yaml-feature', '/lists', '4:3', '__proto__ cannot be a key', FEATURE_CURE],
        ['policy.yaml-feature', '/lists', '5:5', '[a] cannot be a key', FEATURE_CURE],
      ],
    ],
    [
      'with a list name that no expression could hold',
      `${ACCOUNT}\nlists: {Office: [192.0.2.1], ${'a'.repeat(51)}: []}\nrules: []`,
      [
        [
          'policy.value',
          '/lists/Office',
          '2:9',
          '"Office" is no list name',
          'a list is named by 1 to 50 of a-z, 0-9 and _',
        ],
        [
          'policy.value',
          `/lists/${'a'.repeat(51)}`,
          '2:30',
          `"${'a'.repeat(51)}" is no list name`,
          'a list is named by 1 to 50 of a-z, 0-9 and _',
        ],
      ],
    ],
    [
      'with list entries that are no addresses and no networks',
      `${ACCOUNT}\nlists:\n  a:\n    - 10.0.0.1/8\n    - 2001:db8::1/32\n    - 10.0.0.0/33\n    - 10.0.0.256\n    - 7\n    - 10.0.0.0/08\n    - 10.0.0.0/8/8\nrules: []`,
      [
        [
          'policy.list-item',
          '/lists/a/0',
          '4:7',
          '"10.0.0.1/8" has bits set behind its prefix length',
          'write 10.0.0.0/8 for the network, or 10.0.0.1 for the one address',
        ],
        [
          'policy.list-item',
          '/lists/a/1',
          '5:7',
          '"2001:db8::1/32" has bits set behind its prefix length',
          'write 2001:db8::/32 for the network, or 2001:db8::1 for the one address',
        ],
        [
          'policy.list-item',
          '/lists/a/2',
          '6:7',
          '"10.0.0.0/33" has no prefix length of 0 to 32',
          'write 10.0.0.0/32 for the one address, or a shorter prefix',
        ],
        [
          'policy.list-item',
          '/lists/a/3',
          '7:7',
          '"10.0.0.256" is neither an IP address nor a prefix',
          'write it like 192.0.2.1, 192.0.2.0/24, 2001:db8::1 or 2001:db8::/32',
        ],
        [
          'policy.list-item',
          '/lists/a/4',
          '8:7',
          '"7" is neither an IP address nor a prefix',
          'write it like 192.0.2.1, 192.0.2.0/24, 2001:db8::1 or 2001:db8::/32',
        ],
        [
          'policy.list-item',
          '/lists/a/5',
          '9:7',
          '"10.0.0.0/08" has no prefix length of 0 to 32',
          'write 10.0.0.0/32 for the one address, or a shorter prefix',
        ],
        [
          'policy.list-item',
          '/lists/a/6',
          '10:7',
          '"10.0.0.0/8/8" has no prefix length of 0 to 32',
          'write 10.0.0.0/32 for the one address, or a shorter prefix',
        ],
      ],
    ],
    [
      'with refs that the kernel should not see',
      `${ACCOUNT}\nrules:\n  - {ref: "a b", ${RULE}}\n  - {ref: "", ${RULE}}\n  - {ref: ${'x'.repeat(65)}, ${RULE}}\n  - {ref: true, ${RULE}}`,
      [
        ['policy.value', '/rules/0/ref', '3:11', '"a b" is not allowed here', REF_CURE],
        ['policy.value', '/rules/1/ref', '4:11', '"" is not allowed here', REF_CURE],
        ['policy.value', '/rules/2/ref', '5:11', `"${'x'.repeat(65)}" is not allowed here`, REF_CURE],
        ['policy.type', '/rules/3/ref', '6:11', 'the boolean true where text belongs', REF_CURE],
      ],
    ],
    [
      'with one ref for two rules',
      `${ACCOUNT}\nrules:\n  - {ref: a, ${RULE}}\n  - {ref: a, ${RULE}}`,
      [
        [
          'policy.duplicate-ref',
          '/rules/1/ref',
          '4:11',
          'rule 2 has the ref "a" of rule 1 too',
          'give each rule a ref of its own',
        ],
      ],
    ],
    [
      'with a ref that is the number of a rule without one',
      `${ACCOUNT}\nrules:\n  - {ref: "2", ${RULE}}\n  - {${RULE}}`,
      [
        [
          'policy.duplicate-ref',
          '/rules/1/ref',
          '4:5',
          'rule 2 has no ref and goes by its number, which is the ref of rule 1',
          'give each rule a ref of its own',
        ],
      ],
    ],
    [
      'with an action that is not one of three',
      `${ACCOUNT}\nrules: [{expression: a, action: allow}, {expression: a}]`,
      [
        ['policy.value', '/rules/0/action', '2:33', '"allow" is not allowed here', 'action: block, skip or log'],
        ['policy.missing', '/rules/1/action', '2:41', '"action" is missing', 'action: block, skip or log'],
      ],
    ],
    [
      'with a skip that does not say what, and parameters where none belong',
      `${ACCOUNT}\nrules:\n  - {expression: a, action: skip}\n  - {expression: a, action: skip, action_parameters: {ruleset: all}}\n  - {expression: a, action: block, action_parameters: {ruleset: current}}`,
      [
        [
          'policy.missing',
          '/rules/0/action',
          '3:29',
          'skip does not say what it skips',
          'add action_parameters: {ruleset: current}',
        ],
        ['policy.value', '/rules/1/action_parameters/ruleset', '4:64', '"all" is not allowed here', 'ruleset: current'],
        [
          'policy.value',
          '/rules/2/action_parameters',
          '5:55',
          'block takes no action_parameters',
          'remove action_parameters, or let the action be skip',
        ],
      ],
    ],
    [
      'with a word of YAML 1.1 for true',
      `${ACCOUNT}\nrules: [{${RULE}, enabled: yes}]`,
      [['policy.type', '/rules/0/enabled', '2:47', 'text where true or false belongs', 'enabled: true or false']],
    ],
    [
      'with a description of 501 characters',
      `${ACCOUNT}\nrules: [{${RULE}, description: ${'d'.repeat(501)}}]`,
      [
        [
          'policy.value',
          '/rules/0/description',
          '2:51',
          `"${'d'.repeat(79)}… (503 characters) is not allowed here`,
          'description: text of at most 500 characters',
        ],
      ],
    ],
  ])('%s', (_, text, problems) => {
    expect(rows(refuse(text))).toEqual(problems);
  });
});

describe('limits are settings', () => {
  const three = `${ACCOUNT}\nlists: {a: [192.0.2.1], b: [192.0.2.2, 192.0.2.3]}\nrules: [{${RULE}}, {${RULE}}, {${RULE}}]`;

  test('at the limit a policy is read', () => {
    const limits = { ...DEFAULT_POLICY_LIMITS, fileBytes: three.length, rules: 3, listEntries: 3 };
    expect(read(three, limits).rules).toHaveLength(3);
  });

  test.each<[string, Partial<typeof DEFAULT_POLICY_LIMITS>, string, string, string]>([
    ['rules', { rules: 2 }, '/rules/2', '3:69', '3 rules, and an account may have 2'],
    [
      'list entries',
      { listEntries: 2 },
      '/lists/b/1',
      '2:40',
      '3 entries in all lists together, and an account may have 2',
    ],
    [
      'bytes',
      { fileBytes: three.length - 1 },
      '',
      '1:1',
      `the file has ${three.length} bytes, and a policy may have ${three.length - 1}`,
    ],
  ])('one more is refused: %s', (_, limits, path, place, message) => {
    expect(rows(refuse(three, { ...DEFAULT_POLICY_LIMITS, ...limits }))).toEqual([
      ['policy.limit', path, place, message, expect.stringContaining('have the limit raised')],
    ]);
  });

  test('the defaults are 10,000 rules and 100,000 entries', () => {
    const rules = (count: number) => `${ACCOUNT}\nrules: [${`{${RULE}},`.repeat(count)}]`;
    const entries = (count: number) => `${ACCOUNT}\nlists: {a: [${'192.0.2.1,'.repeat(count)}]}\nrules: []`;
    expect(read(rules(10_000)).rules).toHaveLength(10_000);
    expect(refuse(rules(10_001))[0]?.path).toBe('/rules/10000');
    expect(read(entries(100_000)).lists.get('a')).toHaveLength(100_000);
    expect(refuse(entries(100_001))[0]?.path).toBe('/lists/a/100000');
  });
});
