// An expression over bytes written in RE2's syntax, for a text in which each byte is one character. Counts above RE2's
// limit of 1,000, which also binds the product of nested ones, are written out as copies.

import { GREATEST_BYTE, intersect } from './char-set';
import type { Assertion, RegexNode } from './node';

const GREATEST_COUNT = 1000;

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  text_start: '\\A',
  text_end: '\\z',
  line_start: '(?m:^)',
  line_end: '(?m:$)',
  word_boundary: '\\b',
  no_word_boundary: '\\B',
};

export function printRe2(node: RegexNode): string {
  switch (node.kind) {
    case 'bytes': {
      const ranges = intersect(node.set, [{ from: 0, to: GREATEST_BYTE }]);
      return ranges.length === 0
        ? '[^\\x{0}-\\x{10FFFF}]'
        : `[${ranges.map(({ from, to }) => `${hex(from)}-${hex(to)}`).join('')}]`;
    }
    case 'assertion':
      return ASSERTIONS[node.assertion];
    case 'sequence':
      return node.parts.map(printRe2).join('');
    case 'choice':
      return node.parts.length === 0 ? '[^\\x{0}-\\x{10FFFF}]' : `(?:${node.parts.map(printRe2).join('|')})`;
    case 'repeat':
      return printRepeat(printRe2(node.part), node.least, node.most, countIn(node.part));
  }
}

function hex(byte: number): string {
  return `\\x{${byte.toString(16)}}`;
}

/** The greatest product of nested counts. */
function countIn(node: RegexNode): number {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      return node.parts.reduce((most, part) => Math.max(most, countIn(part)), 1);
    case 'repeat':
      return Math.min(GREATEST_COUNT, Math.max(1, node.most ?? node.least)) * countIn(node.part);
    default:
      return 1;
  }
}

function printRepeat(part: string, least: number, most: number | undefined, inside: number): string {
  const atom = `(?:${part})`;
  if (most === undefined) return `${copies(atom, least, inside)}(?:${part})*`;
  // x{2,5} is xx(x(x(x)?)?)?; as "how many" does not matter beyond the least, the optional ones need no nesting.
  return copies(atom, least, inside) + optionalCopies(atom, most - least, inside);
}

function copies(atom: string, count: number, inside: number): string {
  const atOnce = Math.max(1, Math.floor(GREATEST_COUNT / inside));
  if (atOnce === 1) return atom.repeat(count);
  const whole = `${atom}{${atOnce}}`.repeat(Math.floor(count / atOnce));
  return count % atOnce === 0 ? whole : `${whole}${atom}{${count % atOnce}}`;
}

function optionalCopies(atom: string, count: number, inside: number): string {
  const atOnce = Math.max(1, Math.floor(GREATEST_COUNT / inside));
  if (atOnce === 1) return `${atom}?`.repeat(count);
  const whole = `${atom}{0,${atOnce}}`.repeat(Math.floor(count / atOnce));
  return count % atOnce === 0 ? whole : `${whole}${atom}{0,${count % atOnce}}`;
}
