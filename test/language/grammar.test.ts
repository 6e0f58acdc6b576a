// The grammar and the lexer speak of the same tokens.

import { GRAMMAR } from '../../src/language/grammar';
import { PACKET_LIMITS } from '../../src/language/limits';
import { tokenize } from '../../src/language/tokenize';

/** Together they have every kind of token. */
const TEXTS = [
  'not any(a[*] == 1, ab, 61:62) and (b xor c) or d in {"x"}',
  'a in $b or a & 1 or a contains r"x" or a matches "x" or a wildcard "x"',
];

test('every token type of the grammar comes from the lexer, and the other way round', () => {
  const wanted = new Set(
    GRAMMAR.rules.flatMap(rule => rule.symbols).flatMap(symbol => (typeof symbol === 'object' ? [symbol.type] : [])),
  );
  const made = new Set(TEXTS.flatMap(text => tokenize(text, PACKET_LIMITS).tokens.map(token => token.type)));
  expect([...made].sort()).toEqual([...wanted].sort());
});
