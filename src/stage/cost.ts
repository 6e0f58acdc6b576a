// What nftables and the classifier cost a packet, in nanoseconds, measured on Linux 6.18 (x86-64 at 2.6 GHz, mitigations
// on) with frames from XDP_TEST_RUN: medians of what a rule or a look-up adds. Only their ratios matter for the choice.

/** One test of an nft rule, where it fails; docs/performance.md. */
export const TEST_COST = {
  /** The load alone decides. */
  any: 2,
  cmp: 5,
  range: 20,
  /** A set. */
  lookup: 60,
  /** More than 4 bytes are not loaded and compared on the fast path. */
  wide: 20,
  mask: 5,
} as const;

/** A chain entered. */
export const JUMP_COST = 5;

/** An xt_bpf rule; what the program does comes on top. */
export const PROGRAM_COST = 65;

/** What a test in a program costs that nftables cannot say: a search in 256 bytes of payload. */
export const SCAN_COST = 150;

type Curve = readonly (readonly [size: number, cost: number])[];

/** A look-up in a map of so many elements, random keys of 8 bytes. */
const VERDICT_MAP: Curve = [
  [10, 81],
  [1_000, 133],
  [10_000, 239],
  [100_000, 300],
];

/** A classifier of so many rules, the slowest of three ClassBench sets, its xt_bpf included. */
const CLASSIFIER: Curve = [
  [64, 190],
  [1_000, 241],
  [8_000, 492],
  [64_000, 900],
];

/** Numbers of rules: all, and those that log; and nanoseconds of the tests that only programs can say. */
export interface ClassifierContent {
  readonly rules: number;
  readonly logging: number;
  readonly inPrograms: number;
}

export function verdictMapCost(elements: number): number {
  return between(VERDICT_MAP, elements);
}

/** For a packet that a logging rule matches, every such rule is asked whether it was that one. */
export function classifierCost({ rules, logging, inPrograms }: ClassifierContent): number {
  const reports = logging === 0 ? 0 : (logging + 1) * PROGRAM_COST;
  return between(CLASSIFIER, rules) + reports + inPrograms;
}

/** Along straight lines over the logarithm of the size, and level outside of what was measured. */
function between(curve: Curve, size: number): number {
  const after = curve.findIndex(([known]) => known >= size);
  const [high, costHigh] = curve[after] ?? (curve[curve.length - 1] as Curve[number]);
  const [low, costLow] = curve[after - 1] ?? [high, costHigh];
  if (low === high) return costHigh;
  return Math.round(costLow + ((costHigh - costLow) * Math.log(size / low)) / Math.log(high / low));
}
