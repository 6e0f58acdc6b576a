// Formulas as C conditions: a function for each different test that they have, then each formula in C's operators. What
// the functions need stands before them: headers, and the tables of all automata together.

import { invariant } from '../../diagnostic/invariant';
import { type Formula, type Load, loadBits, type Scan, type Test } from '../../ir/formula';
import { type IntervalSet, isUniverse } from '../../net/interval-set';
import { searchOf } from './literal-table';
import { powerOfTwo } from './power-of-two';
import { printScanTables, type ScanPlace, type ScanTables, scanTables } from './scan-tables';

/** More ranges than this are searched in an array instead of spelt out. */
const MOST_COMPARISONS = 16;
/** More tests than this stand behind functions: inlined they would outgrow the 512-byte stack. */
const MOST_INLINED = 16;
/** Tests behind one function. A jump goes over 32,767 instructions at the most, which clang 14 does not look at. */
const TESTS_OF_FUNCTION = 64;

export interface Conditions {
  readonly includes: readonly string[];
  readonly definitions: readonly string[];
  /** An expression for each formula. */
  readonly conditions: readonly string[];
}

/** `packet` is how the text that holds the conditions names a pointer to its struct packet. */
export function printConditions(formulas: readonly Formula[], packet: string): Conditions {
  const tables = scanTables({ kind: 'or', operands: formulas });
  const leaves = new Map<string, number>();
  const expressions = formulas.map(formula => printFormula(formula, { leaves, tables }).text);
  const inlined = leaves.size <= MOST_INLINED;
  return {
    includes: [
      '#include <rampart/packet.h>',
      '#include <rampart/fragment-header.h>',
      '#include <rampart/range.h>',
      '#include <rampart/tcp-option.h>',
      ...printScanTables(tables),
      ...inIfaceHeaders([...leaves.keys()]),
    ],
    definitions: [
      ...[...leaves].map(([body, number]) => body.replaceAll('NAME', `test_${number}`)),
      ...(inlined ? [] : printChoices(leaves.size)),
    ],
    conditions: expressions.map(expression =>
      expression.replaceAll(/TEST (\d+)/g, (_, number) => printCall(Number(number), packet, inlined)),
    ),
  };
}

/** Only where they are needed: a program with scan_in_iface(), be it called or not, loads on no kernel without BTF. */
function inIfaceHeaders(bodies: readonly string[]): string[] {
  if (bodies.some(body => body.includes('scan_in_iface('))) return ['#include <rampart/scan-in-iface.h>'];
  return bodies.some(body => body.includes('load_in_iface(')) ? ['#include <rampart/in-iface.h>'] : [];
}

interface Printing {
  /** The body of each test's function, with its number. */
  readonly leaves: Map<string, number>;
  readonly tables: ScanTables;
}

interface Printed {
  readonly text: string;
  /** Results that the evaluation holds at once; && and || hold none, they jump. */
  readonly held: number;
}

function printFormula(formula: Formula, printing: Printing): Printed {
  switch (formula.kind) {
    case 'constant':
      return { text: formula.value ? '1' : '0', held: 0 };
    case 'test':
      return { text: callLeaf(printTest(formula), printing), held: 0 };
    case 'scan':
      return { text: callLeaf(printScan(formula, printing.tables), printing), held: 0 };
    case 'not': {
      const { text, held } = printFormula(formula.operand, printing);
      return { text: `!${text}`, held };
    }
    case 'and':
    case 'or': {
      const printed = formula.operands.map(operand => printFormula(operand, printing));
      const held = Math.max(...printed.map(operand => operand.held));
      return { text: joined(printed, formula.kind === 'and' ? '&&' : '||'), held };
    }
    case 'xor':
      return printXor(formula.operands.map(operand => printFormula(operand, printing)));
  }
}

/** What has been found is held while the next operand is evaluated: with the greatest need first, little is. */
function printXor(printed: readonly Printed[]): Printed {
  const [first, ...others] = [...printed].sort((a, b) => b.held - a.held);
  invariant(first !== undefined, 'a junction has operands');
  const held = Math.max(first.held, ...others.map(operand => operand.held + 1));
  return { text: joined([first, ...others], '^'), held };
}

function joined(operands: readonly Printed[], operator: string): string {
  return `(${operands.map(({ text }) => text).join(` ${operator} `)})`;
}

/** The same test twice is one function. */
function callLeaf(body: string, { leaves }: Printing): string {
  const number = leaves.get(body) ?? leaves.size;
  leaves.set(body, number);
  return `TEST ${number}`;
}

function printCall(number: number, packet: string, inlined: boolean): string {
  if (inlined) return `test_${number}(skb, ${packet})`;
  return `choice_${Math.floor(number / TESTS_OF_FUNCTION)}(skb, ${packet}, ${number})`;
}

/**
 * Global functions, which the verifier walks through once, whatever the number of calls; a program may have 256 of them.
 * Weak, or clang would look into them and hand over nothing where a packet or skb is not used.
 */
function printChoices(tests: number): string[] {
  const functions = Array.from({ length: Math.ceil(tests / TESTS_OF_FUNCTION) }, (_, i) => i * TESTS_OF_FUNCTION);
  return functions.flatMap((first, index) => [
    `__weak __noinline bool choice_${index}(struct __sk_buff *skb, const struct packet *packet, __u32 number)`,
    '{',
    '\tif (!packet)',
    '\t\treturn false;',
    '\tswitch (number) {',
    ...Array.from(
      { length: Math.min(TESTS_OF_FUNCTION, tests - first) },
      (_, i) => `\tcase ${first + i}:\n\t\treturn test_${first + i}(skb, packet);`,
    ),
    '\t}',
    '\treturn false;',
    '}',
    '',
  ]);
}

function printTest({ load, mask, values }: Test): string {
  const all = mask === undefined && isUniverse(values, loadBits(load));
  const listed = values.length > MOST_COMPARISONS;
  const parts = values.map(({ from, to }) => `at_least(number, ${halves(from)}) && at_most(number, ${halves(to)})`);
  const inside = listed
    ? `in_ranges(number, NAME_ranges, ${powerOfTwo(values.length)})`
    : parts.map(part => `(${part})`).join(' || ');
  return [
    ...(listed ? printRanges(values) : []),
    'static __always_inline bool NAME(struct __sk_buff *skb, const struct packet *packet)',
    '{',
    `\tstruct number number = ${printLoad(load)};`,
    '',
    ...(load.kind === 'bytes' && load.plus !== undefined ? [`\tnumber.low += ${load.plus};`] : []),
    ...(mask === undefined ? [] : [`\tnumber.high &= ${hex(mask >> 64n)};`, `\tnumber.low &= ${hex(mask)};`]),
    all ? '\treturn number.present;' : `\treturn number.present && (${inside});`,
    '}',
    '',
  ].join('\n');
}

/** Filled up with the last one to a power of two. */
function printRanges(values: IntervalSet): string[] {
  const rows = values.map(({ from, to }) => `{ ${halves(from)}, ${halves(to)} },`);
  const size = powerOfTwo(rows.length);
  const filled = size === rows.length ? [] : [`\t[${rows.length} ... ${size - 1}] = ${rows.at(-1)}`];
  return ['static const struct range NAME_ranges[] = {', ...rows.map(row => `\t${row}`), ...filled, '};', ''];
}

/** Where there are literals to search for the automaton runs only if one of them is there. */
function printScan(scan: Scan, tables: ScanTables): string {
  const search = searchOf(scan, tables);
  const place = tables.places.get(scan.automaton);
  if (scan.segment === 'in_iface') return printNameScan(place);
  const asked = [
    'segment.present',
    ...(search?.groups ?? []).map(
      ({ number, count }) => `search_literals(skb, segment.start, packet->end, ${number}, ${count})`,
    ),
    ...(search?.suffices ? [] : [printRun(scan, tables)]),
  ];
  return [
    'static __always_inline bool NAME(struct __sk_buff *skb, const struct packet *packet)',
    '{',
    `\tstruct segment segment = ${scan.segment}(skb, packet);`,
    '',
    `\treturn ${asked.join(' && ')};`,
    '}',
    '',
  ].join('\n');
}

function printRun({ automaton }: Scan, { places, pairs }: ScanTables): string {
  const pair = pairs.places.get(automaton);
  const place = pair ?? places.get(automaton);
  invariant(place !== undefined, 'the tables have every automaton that runs');
  const run = pair === undefined ? 'scan' : 'scan_pairs';
  return `${run}(skb, segment.start, packet->end, ${place.classes}, ${place.state})`;
}

function printNameScan(place: ScanPlace | undefined): string {
  invariant(place !== undefined, 'the tables have every automaton that runs');
  const { classes, state } = place;
  return [
    'static __always_inline bool NAME(struct __sk_buff *skb, const struct packet *packet)',
    '{',
    `\treturn scan_in_iface(skb, ${classes}, ${state});`,
    '}',
    '',
  ].join('\n');
}

/** An expression of type struct number, where `packet` is a pointer. */
export function printLoad(load: Load): string {
  if (load.kind === 'l4proto') return 'load_l4proto(packet)';
  if (load.kind === 'in_iface') return 'load_in_iface(skb)';
  const segment = `${load.segment}(skb, packet)`;
  if (load.kind === 'length') return `load_length(packet, ${segment})`;
  if (load.from === 'start') return `load_from_start(skb, ${segment}, ${load.offset}, ${load.length})`;
  return `load_from_end(skb, packet, ${segment}, ${load.offset}, ${load.length})`;
}

function halves(value: bigint): string {
  return `${hex(value >> 64n)}, ${hex(value)}`;
}

function hex(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}ULL`;
}
