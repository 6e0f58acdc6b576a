// The grammar reads a text in one way or not at all: over the tokens of every corpus expression, of generated ones,
// and of token sequences that no one would write.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import nearley from 'nearley';
import { GRAMMAR } from '../../src/language/grammar';
import { ENGINE_LIMITS } from '../../src/language/limits';
import { printFormula } from '../../src/language/print';
import { tokenize } from '../../src/language/tokenize';
import { anyFormula } from './generate-formula';

function parses(text: string): number {
  const { tokens } = tokenize(text, { ...ENGINE_LIMITS, nesting: 500 });
  return parsesOf(tokens.map(token => token.type));
}

/** How many trees nearley finds for token types. */
function parsesOf(types: readonly string[]): number {
  let next = 0;
  const lexer = {
    reset: () => undefined,
    next: () => {
      const type = types[next++];
      return type === undefined ? undefined : { type, value: type, text: type, span: { start: 0, end: 0 } };
    },
    save: () => ({}),
    formatError: () => 'refused',
  };
  try {
    return new nearley.Parser(GRAMMAR, { lexer }).feed('').results.length;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('refused')) return 0;
    throw error;
  }
}

test.each([
  ['a', 1],
  ['any((a) or b) and not f((b), c == 1)[0] in {1 2}', 1],
  ['a or', 0],
  ['a)', 0],
])('%s has %d parses', (text, count) => {
  expect(parses(text)).toBe(count);
});

const CORPUS = path.join(__dirname, '../../../shared/corpus/wirefilter.jsonl');

if (!existsSync(CORPUS)) process.stdout.write(`skipped, as ${CORPUS} is absent: its expressions have one parse each\n`);
(existsSync(CORPUS) ? test : test.skip)('no expression of the corpus has two parses', () => {
  const expressions = readFileSync(CORPUS, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => String(JSON.parse(line).expr));
  expect(expressions.filter(text => parses(text) > 1)).toEqual([]);
});

test('a generated expression has exactly one parse', () => {
  fc.assert(
    fc.property(anyFormula, formula => expect(parses(printFormula(formula))).toBe(1)),
    { numRuns: fc.readConfigureGlobal()?.numRuns ?? 2000 },
  );
});

test('no short sequence of tokens has two parses', () => {
  const types = [
    'not',
    'open',
    'close',
    'quantifier',
    'open_arguments',
    'comma',
    'name',
    'chunk',
    'and',
    'or',
    'ordering',
  ];
  const counts = new Map<number, number>();
  const extend = (prefix: readonly string[], left: number): void => {
    const count = parsesOf(prefix);
    counts.set(count, (counts.get(count) ?? 0) + 1);
    if (left > 0) for (const type of types) extend([...prefix, type], left - 1);
  };
  extend([], 4);
  expect([...counts.keys()].sort()).toEqual([0, 1]);
});
