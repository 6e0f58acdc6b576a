// Refused expressions as the user sees them: carets under the right characters, places in the right file.

import { parseAccount } from '../../src/account/parse-account';
import { printError } from '../../src/cli/output-error';
import type { Diagnostic } from '../../src/diagnostic/diagnostic';
import { ExpressionError, refusedPolicy } from '../../src/report/expression-report';

function found(start: number, end: number): Diagnostic {
  const words = {
    severity: 'error',
    kind: 'UnknownIdentifier',
    message: 'unknown identifier',
    cure: 'write another',
  } as const;
  return { code: 'RF2001', span: { start, end }, arguments: {}, ...words };
}

function written(error: unknown, json: boolean): string {
  let text = '';
  printError({ write: piece => (text += piece) }, json, error);
  return text;
}

describe('an expression of the command line', () => {
  test.each<[string, string, Diagnostic, string]>([
    [
      'one line',
      'tcp.port == 80',
      found(0, 8),
      `rampart: 1:1: unknown identifier [RF2001]
  tcp.port == 80
  ^^^^^^^^
  cure: write another
`,
    ],
    [
      'the end of the text',
      'a and',
      found(5, 5),
      `rampart: 1:6: unknown identifier [RF2001]
  a and
       ^
  cure: write another
`,
    ],
    [
      'an empty first line',
      '\na',
      found(0, 1),
      `rampart: 1:1: unknown identifier [RF2001]
  
  ^
  cure: write another
`,
    ],
    [
      'the second line, and a span that goes on to a third',
      'a or\nb or\nc',
      found(5, 11),
      `rampart: 2:1: unknown identifier [RF2001]
  b or
  ^^^^
  cure: write another
`,
    ],
    [
      'behind characters of several bytes, which the place counts and the carets do not',
      '"é😀" b',
      found(6, 7),
      `rampart: 1:10: unknown identifier [RF2001]
  "é😀" b
        ^
  cure: write another
`,
    ],
  ])('%s', (_, expression, diagnostic, text) => {
    expect(written(new ExpressionError([{ expression, diagnostics: [diagnostic] }]), false)).toBe(text);
  });
});

describe('expressions of a policy', () => {
  const reading = parseAccount(`account: 0123456789abcdef0123456789abcdef
rules:
  - {expression: "a eq \\"x\\" b", action: log}
  - ref: second
    expression: |
      c or
      d
    action: block
`);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  const error = refusedPolicy('p.yaml', reading.account, [
    { index: 1, diagnostics: [found(9, 10)] },
    { index: 2, diagnostics: [found(0, 1), found(5, 6)] },
  ]);

  test('as text', () => {
    expect(written(error, false)).toBe(`rampart: p.yaml:3:30 /rules/0/expression: unknown identifier [RF2001]
  a eq "x" b
           ^
  cure: write another
rampart: p.yaml:6:7 /rules/1/expression: unknown identifier [RF2001]
  c or
  ^
  cure: write another
rampart: p.yaml:7:7 /rules/1/expression: unknown identifier [RF2001]
  d
  ^
  cure: write another
`);
  });

  test('as JSON', () => {
    const { errors } = JSON.parse(written(error, true));
    expect(errors).toHaveLength(3);
    expect(errors[2]).toEqual({
      code: 'RF2001',
      place: 'p.yaml:7:7',
      path: '/rules/1/expression',
      rule: 'second',
      message: 'unknown identifier',
      cure: 'write another',
      details: 'd\n^',
      expression: { kind: 'UnknownIdentifier', line: 2, column: 1, length: 1 },
    });
  });
});
