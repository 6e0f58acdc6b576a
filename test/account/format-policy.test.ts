// A policy before and after: the expressions change, and not a character besides.

import fc from 'fast-check';
import { Document } from 'yaml';
import { formatPolicy, type NewText } from '../../src/account/format-policy';
import { parseAccount } from '../../src/account/parse-account';
import { format, formatOnOneLine } from '../../src/language/format';
import { ENGINE_LIMITS } from '../../src/language/limits';
import { parse } from '../../src/language/parse';
import { printFormula } from '../../src/language/print';
import { anyFormula, withoutSpans } from '../language/generate-formula';

const LIMITS = { ...ENGINE_LIMITS, nesting: 500 };

function ast(expression: string) {
  const parsed = parse(expression, LIMITS);
  if (!parsed.ok) throw new Error(expression);
  return parsed.ast;
}

function newText(expression: string): NewText {
  return { lines: format(ast(expression), undefined), oneLine: formatOnOneLine(ast(expression), undefined) };
}

const LONG = 'ip.src in {192.0.2.0/24 198.51.100.0/24 203.0.113.0/24}&&tcp.dstport in {80 443 8080 8443}&&ip.ttl>1';
const FIRST = 'ip.src in {192.0.2.0/24 198.51.100.0/24 203.0.113.0/24}';
const SECOND = 'and tcp.dstport in {80 443 8080 8443}';

test.each<[string, string, string, number[]]>([
  [
    'comments, order and quoting stay',
    `# head\nrules: # the rules\n\n  - action: log   # why\n    expression: a&&b # here\n    ref:   "x"\n# between\n  - {  'expression' : 'a||b' ,action: block }\naccount: 'x' \n`,
    `# head\nrules: # the rules\n\n  - action: log   # why\n    expression: a and b # here\n    ref:   "x"\n# between\n  - {  'expression' : 'a or b' ,action: block }\naccount: 'x' \n`,
    [0, 1],
  ],
  [
    'what is in its form is not touched, however it is folded',
    `account: x\nrules:\n  - { expression: "a and\n      b", action: log }\n  - expression: >\n      a and\n      b\n    action: log\n  - expression: true\n    action: log\n`,
    `account: x\nrules:\n  - { expression: "a and\n      b", action: log }\n  - expression: >\n      a and\n      b\n    action: log\n  - expression: true\n    action: log\n`,
    [],
  ],
  [
    'quotes stay, and become others where the text needs them',
    `account: x\nrules:\n  - expression: 'a=="it''s"'\n    action: log\n  - expression: "a  eq \\"x\\""\n    action: log\n  - expression: a[*]==1\n    action: log\n`,
    `account: x\nrules:\n  - expression: 'a == "it''s"'\n    action: log\n  - expression: "a == \\"x\\""\n    action: log\n  - expression: a[*] == 1\n    action: log\n`,
    [0, 1, 2],
  ],
  [
    'a long one becomes a block',
    `account: x\nrules:\n  - expression: ${LONG} # long\n    action: log\n`,
    `account: x\nrules:\n  - expression: |- # long\n      ${FIRST}\n      ${SECOND}\n      and ip.ttl > 1\n    action: log\n`,
    [0],
  ],
  [
    'a block stays one',
    `account: x\nrules:\n  - expression: |\n        a  ==  1\n    action: log\n  - expression: >-\n      a&&\n      b\n    action: log\n`,
    `account: x\nrules:\n  - expression: |\n      a == 1\n    action: log\n  - expression: |-\n      a and b\n    action: log\n`,
    [0, 1],
  ],
  [
    'JSON stays on its lines',
    `{"account": "x", "rules": [{"expression": "${LONG}", "action": "log"}]}\n`,
    `{"account": "x", "rules": [{"expression": "${FIRST} ${SECOND} and ip.ttl > 1", "action": "log"}]}\n`,
    [0],
  ],
])('%s', (_, before, after, changed) => {
  expect(formatPolicy(before, newText)).toEqual({ text: after, changed });
  expect(formatPolicy(after, newText)).toEqual({ text: after, changed: [] });
});

const STYLES = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

test('whatever the expression and its style, its tree stays, and formatting again changes nothing', () => {
  fc.assert(
    fc.property(anyFormula, fc.constantFrom(...STYLES), fc.boolean(), (formula, style, flow) => {
      const written = printFormula(formula).replaceAll(' == ', '  eq ');
      const document = new Document({ account: 'x', rules: [{ expression: '', action: 'log' }] });
      const node = document.createNode(written);
      Object.assign(node, { type: style });
      document.setIn(['rules', 0, 'expression'], node);
      if (flow) Object.assign(document.getIn(['rules', 0], true) ?? {}, { flow: true });
      const { text } = formatPolicy(String(document), newText);
      const reading = parseAccount(text);
      const now = reading.kind === 'account' ? (reading.account.rules[0]?.expression ?? '') : '';
      expect(withoutSpans(ast(now).root)).toEqual(withoutSpans(ast(written).root));
      expect(formatPolicy(text, newText)).toEqual({ text, changed: [] });
    }),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 1000 },
  );
});
