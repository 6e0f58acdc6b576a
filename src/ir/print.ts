// Formulas as text, one node a line, operands indented: stable, for `explain` and for the tests' expectations.
//
//   and
//     l4proto in {6}
//     transport[2+2] in {80 8000..8080}
//     network[12+4] in {10.0.0.0/8}
//
// `network[12+4]` is 4 bytes at offset 12; `udp_payload[-5+5]` counts from the end; `length(tcp_payload)` is in bytes.

import { addressBits, printAddress } from '../net/address';
import type { Interval, IntervalSet } from '../net/interval-set';
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

function printTest(test: Test): string {
  const { load, mask, values, list } = test;
  const masked = mask === undefined ? '' : ` & 0x${mask.toString(16)}`;
  return `${printLoad(load)}${masked} in ${printValues(values, test)}${list === undefined ? '' : ` from $${list}`}`;
}

function printLoad(load: Load): string {
  if (load.kind === 'l4proto' || load.kind === 'in_iface') return load.kind;
  if (load.kind === 'length') return `length(${load.segment})`;
  const plus = load.plus === undefined ? '' : ` + ${load.plus}`;
  return `${load.segment}[${load.from === 'end' ? '-' : ''}${load.offset}+${load.length}]${plus}`;
}

/** Addresses as such; other numbers decimal up to two bytes, hexadecimal above. */
function printValues(values: IntervalSet, test: Test): string {
  const family = addressFamily(test);
  const { load } = test;
  const wide = load.kind === 'in_iface' || (load.kind === 'bytes' && load.length > 2);
  const number = (value: bigint) => (wide ? `0x${value.toString(16)}` : String(value));
  const print = (interval: Interval): string =>
    family === undefined ? printRange(interval, number) : printAddresses(interval, family);
  return `{${values.map(print).join(' ')}}`;
}

/** Of a load that reads a source or destination address; 4 bytes at that place of IPv6 look like one too. */
function addressFamily({ load, mask }: Test): 4 | 6 | undefined {
  if (load.kind !== 'bytes' || load.segment !== 'network' || load.from !== 'start' || mask !== undefined)
    return undefined;
  const place = `${load.offset}+${load.length}`;
  if (place === '12+4' || place === '16+4') return 4;
  return place === '8+16' || place === '24+16' ? 6 : undefined;
}

function printAddresses({ from, to }: Interval, family: 4 | 6): string {
  const address = (value: bigint) => printAddress({ family, value });
  const hosts = to - from + 1n;
  const isPrefix = hosts > 1n && (hosts & (hosts - 1n)) === 0n && from % hosts === 0n;
  if (!isPrefix) return printRange({ from, to }, address);
  return `${address(from)}/${addressBits(family) - (hosts.toString(2).length - 1)}`;
}

function printRange({ from, to }: Interval, print: (value: bigint) => string): string {
  return from === to ? print(from) : `${print(from)}..${print(to)}`;
}
