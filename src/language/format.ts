// Canonical text for people: what print.ts writes, broken over lines where it is too long for one. A line is broken before
// `and`, `xor` and `or`, never inside a comparison; what stands in brackets, or binds tighter, is indented.
//
//   ip.src in $office
//   and (
//     tcp.dstport == 22
//     or udp.dstport == 22
//   )

import type { Expression, Formula, Logical } from './ast';
import { isLogical, needsBrackets, printFormula } from './print';

/** Columns; a comparison may be longer. */
const WIDTH = 100;
const STEP = '  ';

/**
 * Parses to the same tree, and formats to the same text. A text that would be longer than `limit` characters, which no
 * policy may hold, is written on one line, and stays as it is where even that is too long.
 */
export function format({ source, extent, root }: Expression, limit: number | undefined): string {
  const candidates = [lines(root, 0).join('\n'), printFormula(root)];
  const fitting = candidates.find(text => limit === undefined || text.length <= limit);
  return fitting ?? source.slice(extent.start, extent.end);
}

/** On one line, for places that have no second. */
export function formatOnOneLine({ source, extent, root }: Expression, limit: number | undefined): string {
  const text = printFormula(root);
  return limit === undefined || text.length <= limit ? text : source.slice(extent.start, extent.end);
}

/** `column` is where the first line begins. */
function lines(formula: Formula, column: number): readonly string[] {
  const text = printFormula(formula);
  if (column + text.length <= WIDTH) return [text];
  if (isLogical(formula))
    return formula.operands.flatMap((operand, index) => operandLines(formula, operand, index, column));
  if (formula.kind !== 'not' || !isLogical(formula.operand)) return [text];
  return bracketed('not ', formula.operand, column);
}

function operandLines({ kind }: Logical, operand: Formula, index: number, column: number): readonly string[] {
  const word = index === 0 ? '' : `${kind} `;
  const brackets = isLogical(operand) && needsBrackets(operand, kind);
  const inside = column + word.length;
  if (!brackets) return hanging(word, lines(operand, inside), isLogical(operand));
  const text = `${word}(${printFormula(operand)})`;
  return column + text.length <= WIDTH ? [text] : bracketed(word, operand, column);
}

function bracketed(before: string, formula: Formula, column: number): readonly string[] {
  return [`${before}(`, ...lines(formula, column + STEP.length).map(line => STEP + line), ')'];
}

/** A run that binds tighter than the one it stands in is told from it by its indentation. */
function hanging(word: string, [first = '', ...others]: readonly string[], indented: boolean): readonly string[] {
  return [word + first, ...others.map(line => (indented ? STEP + line : line))];
}
