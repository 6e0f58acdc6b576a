// Characters of an expression and the line and column of the file where they must be found again. The marked character
// is given by the text that begins with it.

import { parseAccount } from '../../src/account/parse-account';
import { placeInScalar } from '../../src/account/scalar-place';

const HEAD = 'account: 0123456789abcdef0123456789abcdef\nrules:\n';

test.each<[string, string, string, string]>([
  ['plain', '- expression: tcp.dstport == 80', '== 80', '3:27'],
  ['plain over two lines', '- expression: tcp.dstport\n    == 80', '== 80', '4:5'],
  ['plain with an empty line', '- expression: a\n\n    b', 'b', '5:5'],
  ['single-quoted', "- expression: 'a eq ''x'' b'", 'x', '3:23'],
  ['single-quoted, behind doubled quotes', "- expression: 'a eq ''x'' b'", 'b', '3:27'],
  ['double-quoted, behind escaped quotes', '- expression: "f(a, \\"x\\") b"', 'b', '3:28'],
  ['double-quoted, behind \\x', '- expression: "\\x41 b"', 'b', '3:21'],
  ['double-quoted, behind \\U beyond the BMP', '- expression: "\\U0001F600 b"', 'b', '3:27'],
  ['double-quoted over an escaped line break', '- expression: "a \\\n    b"', 'b', '4:5'],
  ['literal block', '- expression: |\n    tcp.dstport == 80\n    or udp\n', 'or udp', '5:5'],
  ['literal block, stripped, later indentation kept', '- expression: |-\n    a\n      or b', 'or b', '5:7'],
  ['folded block', '- expression: >-\n    tcp.dstport == 80\n    or udp\n', 'or udp', '5:5'],
  ['the end of a plain expression', '- expression: tcp.dstport ==', '', '3:29'],
  ['folded block with more-indented lines: the beginning', '- expression: >-\n    a\n      b\n    c', 'c', '3:15'],
])('%s', (_, rule, marked, place) => {
  const reading = parseAccount(`${HEAD}${rule}\n  action: log\n`);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  const [{ expression, expressionSource } = never()] = reading.account.rules;
  const offset = marked === '' ? expression.length : expression.lastIndexOf(marked);
  const { line, column } = placeInScalar(expressionSource, expression, offset);
  expect(`${line}:${column}`).toBe(place);
});

function never(): never {
  throw new Error('the policy has no rule');
}
