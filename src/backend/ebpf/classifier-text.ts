// A classifier's shape as the C text of its program: sizes and places of the tables, how each dimension reads its number,
// and the opaque tests. What it does with them is in bpf/include/rampart/classifier.h.

import { rowBytes } from '../../classifier/rows';
import type { DimensionShape, SearchDimension, Shape } from '../../classifier/shape';
import { type Load, loadBits } from '../../ir/formula';
import type { PacketFamily, Segment } from '../../packet/packet';
import { FIRST_LINE, HEADERS, LICENSE } from './c-text';
import { type Conditions, printConditions, printLoad } from './conditions';
import { type Program, programOf } from './program';

/** Bytes of the fixed header, which one load gets. */
const NETWORK_HEADER: Readonly<Record<PacketFamily, number>> = { ip: 20, ip6: 40 };
/** Of a transport header, one load gets as much as dimensions read, up to so many bytes: a TCP header without options. */
const TRANSPORT_HEADER = 20;
/** LAST_BYTES of last-bytes.h, of which one load gets as many as dimensions read. */
const LAST_BYTES = 16;
/** Numbers of up to 64 bits that a program reads and keeps on its stack. */
const MOST_NUMBERS_ON_STACK = 8;
/** Opaque tests behind one function. */
const TESTS_OF_FUNCTION = 16;

export function classifierProgram(shape: Shape, architecture: string = process.arch): Program {
  return { ...programOf(printClassifier(shape, architecture)), blocksInOrder: true };
}

function printClassifier(shape: Shape, architecture: string): string {
  const { family, tests } = shape;
  const dimensions = inOrder(shape);
  const asked = printConditions(tests, 'packet');
  const reads = dimensions.some(({ load }) => load.kind === 'in_iface') ? ['#include <rampart/in-iface.h>'] : [];
  return [
    FIRST_LINE,
    '/* Written by rampart from the shape of a classifier; the file name is the hash of this text. */',
    `/* headers ${HEADERS} */`,
    ...(architecture === 'x64' ? [] : ['#define CLASSIFIER_WEAK_ORDER']),
    ...printSizes(shape),
    ...asked.includes.filter(include => !reads.includes(include)),
    ...reads,
    ...(lastBytes(dimensions).length === 0 ? [] : ['#include <rampart/last-bytes.h>']),
    '#include <rampart/classifier.h>',
    '',
    ...asked.definitions,
    ...(tests.length === 0 ? [] : printAsk(asked)),
    ...printFindRows(family, dimensions),
    'SEC("socket")',
    'int rampart(struct __sk_buff *skb)',
    '{',
    '\treturn classify(skb);',
    '}',
    '',
    LICENSE,
    '',
  ].join('\n');
}

/** Of most classes first: their rows have the fewest entries, and what these two do not share needs no other. */
function inOrder({ dimensions }: Shape): readonly DimensionShape[] {
  return [...dimensions].sort((a, b) => b.classes - a.classes);
}

function printSizes(shape: Shape): string[] {
  const sizes = {
    DIMENSIONS: shape.dimensions.length,
    ENTRY_WORDS: shape.entryWords,
    SUMMARY_WORDS: shape.summaryWords,
    ROW_BYTES: rowBytes(shape),
    BLOCK_WORDS: shape.blockWords,
    SLOT_BYTES: shape.slotBytes,
    ENTRIES_AT: shape.entriesAt,
    COUNTERS: shape.counters,
    LOGGING_WORDS: shape.loggingWords,
    LOGGING_AT: shape.loggingAt,
    TESTS: shape.tests.length,
    WALK_IN_MAP: isRoomy(shape) ? 0 : 1,
  };
  const blocks = inOrder(shape).map(({ blocksAt, blocks }) => `{ ${blocksAt}, ${blocks - 1} }`);
  return [
    ...Object.entries(sizes).map(([name, size]) => `#define CLASSIFIER_${name} ${size}`),
    `#define CLASSIFIER_BLOCKS ${blocks.join(', ')}`,
  ];
}

/** Whether all fits one frame of 512 bytes, with the program's own: faster, as nothing is called. */
function isRoomy({ tests, dimensions }: Shape): boolean {
  const halves = dimensions.reduce(
    (count, { kind, load }) => count + (kind === 'search' && loadBits(load) > 64 ? 2 : 1),
    0,
  );
  return tests.length === 0 && halves <= MOST_NUMBERS_ON_STACK;
}

/** Global functions, which the verifier walks through once, and which clang does not look into. */
function printAsk({ conditions }: Conditions): string[] {
  const groups = Array.from({ length: Math.ceil(conditions.length / TESTS_OF_FUNCTION) }, (_, group) =>
    conditions.slice(group * TESTS_OF_FUNCTION, (group + 1) * TESTS_OF_FUNCTION),
  );
  const calls = groups.map((_, group) => `\tcase ${group}:\n\t\treturn ask_${group}(skb, packet, test);`);
  return [
    ...groups.flatMap((group, index) => printGroup(group, index)),
    'static __always_inline bool ask(struct __sk_buff *skb, const struct packet *packet, __u32 test)',
    '{',
    `\tswitch (test / ${TESTS_OF_FUNCTION}) {`,
    ...calls,
    '\t}',
    '\treturn false;',
    '}',
    '',
  ];
}

function printGroup(conditions: readonly string[], group: number): string[] {
  const first = group * TESTS_OF_FUNCTION;
  return [
    `__weak __noinline bool ask_${group}(struct __sk_buff *skb, const struct packet *packet, __u32 test)`,
    '{',
    '\tif (!packet)',
    '\t\treturn false;',
    '\tswitch (test) {',
    ...conditions.map((condition, index) => `\tcase ${first + index}:\n\t\treturn ${condition};`),
    '\t}',
    '\treturn false;',
    '}',
    '',
  ];
}

function printFindRows(family: PacketFamily, dimensions: readonly DimensionShape[]): string[] {
  const transport = Math.max(0, ...dimensions.map(({ load }) => endInTransportHeader(load)));
  const network = NETWORK_HEADER[family];
  const header = family === 'ip6' || dimensions.some(({ load }) => isInNetworkHeader(load, network));
  return [
    'CLASSIFIER_FUNCTION enum classifier_rows find_rows(struct __sk_buff *skb, const __u8 *slot, struct classifier_walk *walk)',
    '{',
    ...(header ? [`\t__u8 header[${network}] __attribute__((aligned(8)));`] : []),
    ...(transport === 0 ? [] : [`\t__u8 transport_header[${transport}] __attribute__((aligned(8)));`, '\tbool whole;']),
    '\tstruct packet *packet = &walk->packet;',
    ...lastBytes(dimensions).map(segment => `\tstruct last_bytes last_of_${segment};`),
    '\tstruct number number;',
    '\t__u64 class;',
    '',
    '\t__builtin_memset(packet, 0, sizeof(*packet));',
    ...printDissection(family, header),
    ...(transport === 0
      ? []
      : [
          '\twhole = packet->has_transport &&',
          '\t\tbpf_skb_load_bytes(skb, packet->transport, transport_header, sizeof(transport_header)) == 0;',
        ]),
    ...lastBytes(dimensions).map(
      segment =>
        `\tlast_of_${segment} = load_last(skb, packet, ${segment}(skb, packet), ${mostOfLast(segment, dimensions)});`,
    ),
    ...dimensions.flatMap((dimension, index) => printDimension(dimension, index, network)),
    '\treturn ROWS_FOUND;',
    '}',
    '',
  ];
}

/** The header is copied as a whole, but where no dimension reads it. */
function printDissection(family: PacketFamily, header: boolean): string[] {
  if (!header) return ['\tif (!dissect_ip_words(skb, packet))', '\t\treturn NO_PACKET;'];
  const copied = ['\tif (bpf_skb_load_bytes(skb, 0, header, sizeof(header)) < 0)', '\t\treturn NO_PACKET;'];
  if (family === 'ip') return [...copied, '\tdissect_ip_header(skb, header, packet);'];
  return [...copied, '\tif (!dissect_ip6_header(skb, header, packet))', '\t\treturn NO_PACKET;'];
}

/** Segments whose last bytes are asked for. */
function lastBytes(dimensions: readonly DimensionShape[]): readonly Segment[] {
  return [...new Set(dimensions.flatMap(({ load }) => lastOf(load) ?? []))];
}

/** Of that segment's last bytes, as many as some dimension reads. */
function mostOfLast(segment: Segment, dimensions: readonly DimensionShape[]): number {
  return Math.max(
    ...dimensions.flatMap(({ load }) => (load.kind === 'bytes' && lastOf(load) === segment ? [load.length] : [])),
  );
}

/** The segment whose last bytes it gets. */
function lastOf(load: Load): Segment | undefined {
  if (load.kind !== 'bytes' || load.from !== 'end' || load.length === 0) return undefined;
  return load.offset === load.length && load.length <= LAST_BYTES ? load.segment : undefined;
}

/** 0 where the load is not one of the transport header's first bytes. */
function endInTransportHeader(load: Load): number {
  if (load.kind !== 'bytes' || load.segment !== 'transport' || load.from !== 'start') return 0;
  const end = load.offset + load.length;
  return end <= TRANSPORT_HEADER ? end : 0;
}

function printDimension(dimension: DimensionShape, index: number, network: number): string[] {
  const { load, mask, rowsAt, classes } = dimension;
  const plus = load.kind === 'bytes' && load.plus !== undefined ? [`\tnumber.low += ${load.plus};`] : [];
  const masked = mask === undefined ? [] : [`\tnumber.high &= ${half(mask >> 64n)};`, `\tnumber.low &= ${half(mask)};`];
  return [
    `\tnumber = ${printNumber(load, network)};`,
    ...plus,
    ...masked,
    `\tclass = hidden(${printClass(dimension)});`,
    `\tif (class >= ${classes})`,
    '\t\treturn BROKEN_TABLES;',
    `\twalk->rows[${index}] = ${rowsAt} + hidden(class) * CLASSIFIER_ROW_BYTES;`,
  ];
}

function printNumber(load: Load, network: number): string {
  if (load.kind !== 'bytes' || load.length === 0) return printLoad(load);
  const last = lastOf(load);
  if (last !== undefined) return `number_of_last(&last_of_${last}, ${load.length})`;
  if (load.from === 'end') return printLoad(load);
  const place = `${load.offset}, ${load.length}`;
  if (isInNetworkHeader(load, network)) return `load_header(header, ${place})`;
  if (endInTransportHeader(load) === 0) return printLoad(load);
  return `whole ? load_header(transport_header, ${place}) : ${printLoad(load)}`;
}

function isInNetworkHeader(load: Load, network: number): boolean {
  return (
    load.kind === 'bytes' &&
    load.segment === 'network' &&
    load.from === 'start' &&
    load.length > 0 &&
    load.offset + load.length <= network
  );
}

function printClass(dimension: DimensionShape): string {
  if (dimension.kind === 'direct') return `direct_class(slot, number, ${dimension.bits}, ${dimension.cellsAt})`;
  return `search_class(slot, number, (struct search){ ${printSearch(dimension)} })`;
}

function printSearch(dimension: SearchDimension): string {
  const members = {
    bits: dimension.bits,
    bucket_bits: dimension.bucketBits,
    start_bytes: dimension.startBytes,
    steps: dimension.steps,
    starts: dimension.starts,
    buckets_at: dimension.bucketsAt,
    starts_at: dimension.startsAt,
    class_of_at: dimension.classOfAt,
  };
  return Object.entries(members)
    .map(([name, value]) => `.${name} = ${value}`)
    .join(', ');
}

function half(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}ULL`;
}
