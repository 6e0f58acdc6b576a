// Formulas as text, one node a line, operands indented: stable, for `explain` and for the tests' expectations.
//
//   and
//     l4proto in {6}
//     transport[2+2] in {80 8000..8080}
//
// `network[12+4]` is 4 bytes at offset 12; `udp_payload[-5+5]` counts from the end; `length(tcp_payload)` is in bytes.

import type { IntervalSet } from '../net/interval-set';
import type { Formula, Load, Test } from './formula';

export function printFormula(formula: Formula): string {
  return lines(formula).join('\n');
}

function lines(formula: Formula): string[] {
  switch (formula.kind) {
    case 'constant':
      return [String(formula.value)];
    case 'test':
      return [printTest(formula)];
    case 'scan':
      return [`${formula.segment} ${formula.description}`];
    case 'not':
      return ['not', ...indent(lines(formula.operand))];
    case 'and':
    case 'or':
    case 'xor':
      return [formula.kind, ...formula.operands.flatMap(operand => indent(lines(operand)))];
  }
}

function indent(text: readonly string[]): string[] {
  return text.map(line => `  ${line}`);
}

function printTest({ load, mask, values, list }: Test): string {
  const masked = mask === undefined ? '' : ` & 0x${mask.toString(16)}`;
  return `${printLoad(load)}${masked} in ${printValues(values, load)}${list === undefined ? '' : ` from $${list}`}`;
}

function printLoad(load: Load): string {
  if (load.kind === 'l4proto') return 'l4proto';
  if (load.kind === 'length') return `length(${load.segment})`;
  const plus = load.plus === undefined ? '' : ` + ${load.plus}`;
  return `${load.segment}[${load.from === 'end' ? '-' : ''}${load.offset}+${load.length}]${plus}`;
}

/** Decimal up to two bytes, hexadecimal above. */
function printValues(values: IntervalSet, load: Load): string {
  const wide = load.kind === 'bytes' && load.length > 2;
  const number = (value: bigint) => (wide ? `0x${value.toString(16)}` : String(value));
  return `{${values.map(({ from, to }) => (from === to ? number(from) : `${number(from)}..${number(to)}`)).join(' ')}}`;
}
