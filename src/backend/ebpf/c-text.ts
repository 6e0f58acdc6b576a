// A formula as the C text of one socket filter: a function for each test, then the formula itself in C's operators,
// which are short-circuiting like the language's. Equal formulas give equal text; the text's hash is the program's name.

import { type Formula, type Load, loadBits, type Scan, type Test } from '../../ir/formula';
import { isUniverse } from '../../net/interval-set';
import type { PacketFamily } from '../../packet/packet';

/** Hash of bpf/include/rampart, so that programs get new names when the headers change; a test says when it is old. */
export const HEADERS = '78d55b547d9e17c8';
/** More ranges than this are searched in an array instead of spelt out. */
const MOST_COMPARISONS = 16;
/** Above this many tests each is a function of its own frame: inlined they would outgrow the 512-byte stack. */
const MOST_INLINED = 16;

export function printProgram(formula: Formula, family: PacketFamily): string {
  const leaves = new Map<string, string>();
  const expression = printFormula(formula, leaves);
  const linkage = leaves.size > MOST_INLINED ? '__noinline' : '__always_inline';
  return [
    '/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */',
    '/* Written by rampart from one rule formula; the file name is the hash of this text. */',
    `/* headers ${HEADERS} */`,
    '#include <rampart/packet.h>',
    '#include <rampart/fragment-header.h>',
    '#include <rampart/range.h>',
    '#include <rampart/scan.h>',
    '',
    ...[...leaves].map(([body, name]) => body.replaceAll('LINKAGE', linkage).replaceAll('NAME', name)),
    'SEC("socket")',
    'int rampart(struct __sk_buff *skb)',
    '{',
    '\tstruct packet packet = {};',
    '',
    `\tif (!dissect_${family}(skb, &packet))`,
    '\t\treturn 0;',
    `\treturn ${expression};`,
    '}',
    '',
    'char LICENSE[] SEC("license") = "GPL";',
    '',
  ].join('\n');
}

function printFormula(formula: Formula, leaves: Map<string, string>): string {
  switch (formula.kind) {
    case 'constant':
      return formula.value ? '1' : '0';
    case 'test':
      return callLeaf(printTest(formula), leaves);
    case 'scan':
      return callLeaf(printScan(formula), leaves);
    case 'not':
      return `!${printFormula(formula.operand, leaves)}`;
    case 'and':
      return printJunction(formula.operands, '&&', leaves);
    case 'or':
      return printJunction(formula.operands, '||', leaves);
    case 'xor':
      return printJunction(formula.operands, '^', leaves);
  }
}

function printJunction(operands: readonly Formula[], operator: string, leaves: Map<string, string>): string {
  return `(${operands.map(operand => printFormula(operand, leaves)).join(` ${operator} `)})`;
}

/** The same test twice is one function. */
function callLeaf(body: string, leaves: Map<string, string>): string {
  const name = leaves.get(body) ?? `test_${leaves.size}`;
  leaves.set(body, name);
  return `${name}(skb, &packet)`;
}

function printTest({ load, mask, values }: Test): string {
  const all = mask === undefined && isUniverse(values, loadBits(load));
  const listed = values.length > MOST_COMPARISONS;
  const parts = values.map(({ from, to }) => `at_least(number, ${halves(from)}) && at_most(number, ${halves(to)})`);
  const inside = listed
    ? `in_ranges(number, NAME_ranges, ${values.length})`
    : parts.map(part => `(${part})`).join(' || ');
  const rows = values.map(({ from, to }) => `\t{ ${halves(from)}, ${halves(to)} },`);
  return [
    ...(listed ? ['static const struct range NAME_ranges[] = {', ...rows, '};', ''] : []),
    'static LINKAGE bool NAME(struct __sk_buff *skb, const struct packet *packet)',
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

/** Each state's row gets one entry more, which leads back to the state; see scan.h. */
function printScan({ segment, automaton }: Scan): string {
  const { classes, classCount, next, matchesAtEnd } = automaton;
  const rows = matchesAtEnd.flatMap((_, state) => [...next.slice(state * classCount, (state + 1) * classCount), state]);
  const atEnd = matchesAtEnd.map(Number);
  return [
    `static const __u8 NAME_classes[256] = { ${classes.join(', ')} };`,
    `static const __u16 NAME_next[${powerOfTwo(rows.length)}] = { ${rows.join(', ')} };`,
    `static const __u8 NAME_at_end[${powerOfTwo(atEnd.length)}] = { ${atEnd.join(', ')} };`,
    `DEFINE_SCAN(NAME_scan, NAME_classes, NAME_next, NAME_at_end, ${classCount + 1})`,
    '',
    'static LINKAGE bool NAME(struct __sk_buff *skb, const struct packet *packet)',
    '{',
    `\treturn NAME_scan(skb, packet, ${segment}(skb, packet));`,
    '}',
    '',
  ].join('\n');
}

/** At least 64: clang puts constants of 4 to 32 bytes into sections (.rodata.cst4 …) whose types the kernel refuses. */
function powerOfTwo(count: number): number {
  return Math.max(64, 2 ** Math.ceil(Math.log2(count)));
}

function printLoad(load: Load): string {
  if (load.kind === 'l4proto') return 'load_l4proto(packet)';
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
