// From a character of a YAML scalar's value back to the character of the file that it came from, through quotes, escapes,
// folded lines and indentation (YAML 1.2.2, chapters 7.3 and 8.1). So an error in an expression points into the file.

import type { ScalarText } from './policy-document';
import type { Place } from './policy-problem';

/** A stretch of the raw text and the value's characters that it became. */
interface Piece {
  readonly rawLength: number;
  /** undefined: one character that is not spelled in the raw text. */
  readonly value: string | undefined;
  readonly units: number;
}

/** `offset` counts UTF-16 units of the value and may stand at its end. */
export function placeInScalar(scalar: ScalarText, value: string, offset: number): Place {
  const before = scalar.raw.slice(0, rawOffset(scalar, value, offset));
  const lineBreaks = before.split('\n');
  const last = lineBreaks.at(-1) ?? '';
  if (lineBreaks.length === 1) return { line: scalar.line, column: scalar.column + last.length };
  return { line: scalar.line + lineBreaks.length - 1, column: last.length + 1 };
}

/** 0, the scalar's beginning, where the way back is not clear (more-indented lines of a folded block). */
function rawOffset({ style, raw }: ScalarText, value: string, offset: number): number {
  let at = contentStart(style, raw);
  let produced = 0;
  for (;;) {
    const piece = pieceAt(style, raw, at);
    const wanted = produced < offset || piece?.units === 0;
    if (!wanted || (piece !== undefined && produced + piece.units > offset)) return at;
    if (piece === undefined || (piece.value !== undefined && !value.startsWith(piece.value, produced))) return 0;
    produced += piece.units;
    at += piece.rawLength;
  }
}

/** Behind the quote, or behind a block's header and its first line's indentation. */
function contentStart(style: ScalarText['style'], raw: string): number {
  if (style === 'plain') return 0;
  return style === 'literal' || style === 'folded' ? (matchAt(BLOCK_HEADER, raw, 0) ?? '').length : 1;
}

const BLOCK_HEADER = /[^\n]*\n */y;

function pieceAt(style: ScalarText['style'], raw: string, at: number): Piece | undefined {
  const character = raw.slice(at, at + 1);
  if (character === '') return undefined;
  const lineBreak = style === 'literal' ? keptLineBreakAt(raw, at) : foldedLineBreakAt(raw, at);
  return lineBreak ?? escapeAt(style, raw, at) ?? { rawLength: 1, value: character, units: 1 };
}

/** A literal block keeps its line breaks; the block's indentation goes, what a line has beyond it stays. */
function keptLineBreakAt(raw: string, at: number): Piece | undefined {
  if (raw[at] !== '\n') return undefined;
  const indentation = (matchAt(BLOCK_HEADER, raw, 0) ?? '').split('\n').at(-1)?.length ?? 0;
  const run = matchAt(/\n */y, raw, at) ?? '\n';
  return { rawLength: Math.min(run.length, 1 + indentation), value: '\n', units: 1 };
}

/** Elsewhere one line break becomes a space, and each further one a line break. */
function foldedLineBreakAt(raw: string, at: number): Piece | undefined {
  const run = matchAt(/[ \t]*\n[ \t\n]*/y, raw, at);
  if (run === undefined) return undefined;
  const kept = run.split('\n').length - 2;
  const value = kept === 0 ? ' ' : '\n'.repeat(kept);
  return { rawLength: run.length, value, units: value.length };
}

function escapeAt(style: ScalarText['style'], raw: string, at: number): Piece | undefined {
  if (style === 'single-quoted') {
    return raw.startsWith("''", at) ? { rawLength: 2, value: "'", units: 1 } : undefined;
  }
  if (style !== 'double-quoted') return undefined;
  const joined = matchAt(/\\\n[ \t]*/y, raw, at);
  if (joined !== undefined) return { rawLength: joined.length, value: '', units: 0 };
  const written = matchAt(/\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/y, raw, at);
  if (written === undefined) return undefined;
  const beyondBmp = written.startsWith('\\U') && Number.parseInt(written.slice(2), 16) > 0xffff;
  return { rawLength: written.length, value: undefined, units: beyondBmp ? 2 : 1 };
}

/** `pattern` is sticky. */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
