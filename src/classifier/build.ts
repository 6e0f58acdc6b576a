// Rules into a classifier: dimensions, entries, classes, tables.

import type { Formula } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import {
  type Classifier,
  DEFAULT_LIMITS,
  type DimensionTables,
  type Limits,
  type Refused,
  type Section,
} from './classifier';
import { DIRECT_BITS, directTables, fullestBucket, searchTables } from './dimension-tables';
import { collectEntries, type Entries } from './entries';
import {
  type DimensionNeed,
  entryWordsFor,
  fits,
  layOut,
  type Need,
  roomFor,
  roomForBlocks,
  summaryWordsFor,
} from './layout';
import type { Space } from './product';
import { BLOCK_WORDS, blocksOfRow, rowBytes } from './rows';
import type { DimensionShape, Shape } from './shape';
import { chooseSubjects, type Subject, type SubjectKey, subjectKey } from './subject';
import { type Sweep, sweep } from './sweep';

/** A class is a u16. */
const MOST_CLASSES = 0xffff;
const MOST_BUCKET_BITS = 13;

/** With `like`, the shape of an earlier classifier, the new one has that very shape where it finds room in it. */
export function buildClassifier(
  rules: readonly Rule[],
  family: PacketFamily,
  limits: Limits = DEFAULT_LIMITS,
  like?: Shape,
): Classifier | Refused {
  const subjects = chooseSubjects(
    rules.map(rule => rule.formula[family]),
    limits.dimensions,
  );
  if (like !== undefined && like.family === family) {
    const known = new Map(like.dimensions.map(dimension => [subjectKey(dimension), dimension]));
    if ([...subjects.keys()].every(key => known.has(key))) {
      const built = build(rules, family, { limits, subjects: subjectsOf(like), tests: like.tests, like });
      if (!('refused' in built) && built.shape === like) return built;
    }
  }
  return build(rules, family, { limits, subjects, tests: [], like: undefined });
}

function subjectsOf({ dimensions }: Shape): ReadonlyMap<SubjectKey, Subject> {
  return new Map(dimensions.map(dimension => [subjectKey(dimension), dimension]));
}

interface Build {
  readonly limits: Limits;
  readonly subjects: ReadonlyMap<SubjectKey, Subject>;
  readonly tests: readonly Formula[];
  readonly like: Shape | undefined;
}

function build(rules: readonly Rule[], family: PacketFamily, options: Build): Classifier | Refused {
  const { limits, like } = options;
  const space = spaceOf(options);
  const entries = collectEntries(rules, family, space, limits, options.tests);
  if ('refused' in entries) return entries;
  const entryWords = Math.max(entryWordsFor(entries.rule.length), like?.entryWords ?? 0);
  const swept = sweepAll(entries, space, entryWords, limits, like?.blockWords ?? BLOCK_WORDS);
  if ('refused' in swept) return swept;
  const { sweeps, blockWords } = swept;
  const need = {
    family,
    tests: entries.tests,
    entryWords,
    blockWords,
    loggingWords: Math.ceil(entries.loggingRules.length / 64),
    counters: rules.length,
    dimensions: space.subjects.map((subject, index) =>
      needOf(subject, sweeps[index] as Sweep, like?.dimensions[index]),
    ),
  };
  const shape = like !== undefined && fits(need, like) ? like : layOut(withRoom(need));
  if (shape.slotBytes > limits.slotBytes) return { refused: `their tables take ${shape.slotBytes} bytes` };
  return { shape, revision: 0, tables: tablesOf(rules.length, entries, shape, sweeps) };
}

/** In blocks of more words where there would be too many; a row that is one block has as many as there are classes. */
function sweepAll(
  entries: Entries,
  space: Space,
  entryWords: number,
  limits: Limits,
  blockWords: number,
): { readonly sweeps: readonly Sweep[]; readonly blockWords: number } | Refused {
  const summaryWords = summaryWordsFor(entryWords);
  const mostClasses = Math.min(MOST_CLASSES, Math.floor(limits.slotBytes / (8 * (summaryWords + entryWords))));
  const sweeps: Sweep[] = [];
  for (const [index, { bits }] of space.subjects.entries()) {
    const column = entries.columns[index] as Entries['columns'][number];
    const shape = { summaryWords, entryWords, blockWords };
    const swept = sweep(column, bits, shape, entries.rule.length, mostClasses);
    if (swept === 'classes') return { refused: 'a field is cut into too many classes' };
    if (swept === 'blocks') return sweepAll(entries, space, entryWords, limits, 2 * blockWords);
    sweeps.push(swept);
  }
  return { sweeps, blockWords };
}

function spaceOf({ subjects, limits }: Build): Space {
  return {
    subjects: [...subjects.values()],
    dimensions: new Map([...subjects.keys()].map((key, index) => [key, index])),
    mostProducts: limits.products,
    unmasked: new Map(),
    complements: new Map(),
    met: new Map(),
  };
}

/** Of a shape that is there already only the way of looking is taken over, not the room. */
function needOf(
  { load, mask, bits }: Subject,
  { starts, classes, rows: { blockCount: blocks } }: Sweep,
  like: DimensionShape | undefined,
): DimensionNeed {
  if (bits <= DIRECT_BITS) return { kind: 'direct', load, mask, bits, classes, blocks };
  const usual = bits > 32 ? 0 : Math.min(MOST_BUCKET_BITS, Math.max(4, Math.ceil(Math.log2(starts.length))));
  const bucketBits = like?.kind === 'search' ? like.bucketBits : usual;
  const fullest = fullestBucket(bits, bucketBits, starts);
  return {
    kind: 'search',
    load,
    mask,
    bits,
    classes,
    blocks,
    startBytes: bits <= 32 ? 4 : bits <= 64 ? 8 : 16,
    starts: starts.length,
    bucketBits,
    steps: halvings(like === undefined ? fullest + (fullest >>> 4) + 1 : fullest),
  };
}

/** A search of so many halvings finds the last of that many starts. */
function halvings(starts: number): number {
  return 32 - Math.clz32(starts);
}

function withRoom(need: Need): Need {
  const dimensions = need.dimensions.map((dimension): DimensionNeed => {
    const classes = Math.min(MOST_CLASSES, roomFor(dimension.classes));
    const blocks = roomForBlocks(dimension.blocks, blocksOfRow(need));
    if (dimension.kind === 'direct') return { ...dimension, classes, blocks };
    return { ...dimension, classes, blocks, starts: roomFor(dimension.starts) };
  });
  return { ...need, counters: roomFor(need.counters + (need.counters >>> 3) + 8), dimensions };
}

function tablesOf(rules: number, entries: Entries, shape: Shape, sweeps: readonly Sweep[]): Classifier['tables'] {
  const dimensions = shape.dimensions.map((dimension, index): DimensionTables => {
    const swept = sweeps[index] as Sweep;
    const { rows, blocks, blockCount } = swept.rows;
    const own = {
      rows: resized(rows, new Uint16Array((rowBytes(shape) / 2) * dimension.classes)),
      blocks: resized(blocks, new Uint32Array(2 * shape.blockWords * dimension.blocks)),
      blockCount,
    };
    return dimension.kind === 'direct' ? directTables(dimension, swept, own) : searchTables(dimension, swept, own);
  });
  return {
    revision: 0,
    rules,
    entries: entries.rule.length,
    rule: Uint32Array.from(entries.rule),
    outcome: Uint8Array.from(entries.outcome),
    test: Uint16Array.from(entries.test),
    logging: Uint32Array.from(entries.logging),
    loggingRules: entries.loggingRules,
    dimensions,
    sections: shape.dimensions.flatMap((dimension, index) => sections(dimension, dimensions[index] as DimensionTables)),
  };
}

function resized<T extends Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from.subarray(0, to.length));
  return to;
}

function sections(shape: DimensionShape, tables: DimensionTables): Section[] {
  const rows = [
    { at: shape.rowsAt, bytes: bytesOf(tables.rows) },
    { at: shape.blocksAt, bytes: bytesOf(tables.blocks) },
  ];
  if (shape.kind === 'direct') {
    return tables.kind === 'direct' ? [{ at: shape.cellsAt, bytes: bytesOf(tables.cells) }, ...rows] : [];
  }
  if (tables.kind === 'direct') return [];
  return [
    { at: shape.bucketsAt, bytes: bytesOf(tables.buckets) },
    { at: shape.startsAt, bytes: bytesOf(tables.starts) },
    { at: shape.classOfAt, bytes: bytesOf(tables.classOf) },
    ...rows,
  ];
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Uint16Array | BigUint64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
