// A rule of the plan as the kernel's expressions: each match loads into register 1 and compares there, then come
// counter, log and verdict. What nft calls linearisation.

import { defect, invariant } from '../../diagnostic/invariant';
import { type Load, loadBits, type Test } from '../../ir/formula';
import { bigEndianBytes } from '../../net/big-endian';
import type { Expression } from '../../netlink/nftables/expression/expression';
import type { ExthdrExpression } from '../../netlink/nftables/expression/exthdr';
import { NFT_REG_1, NFT_REG_VERDICT, type Register, registerAtWord } from '../../netlink/nftables/expression/register';
import { pinnedProgramMatch } from '../../netlink/nftables/expression/xt-bpf-info';
import { NEXTHDR_FRAGMENT } from '../../packet/extension-header';
import type { PacketFamily } from '../../packet/packet';
import { comparison } from './comparison';
import type { ClassifierMatch, Match, NftRule, SetKey, TestMatch, Verdict } from './table';

/** The paths at which programs are pinned. */
export interface Pins {
  /** By the program's name. */
  readonly program: (name: string) => string;
  /** Of the classifier of the table that the rule stands in. */
  readonly classifier: (part: ClassifierMatch['part']) => string;
}

export function linearize(rule: NftRule, family: PacketFamily, pins: Pins): Expression[] {
  const expressions: Expression[] = [];
  for (const match of rule.matches) {
    if (match.kind === 'test') appendTest(expressions, match);
    else expressions.push(...linearizeMatch(match, family, pins));
  }
  if (rule.counter) expressions.push(COUNTER);
  if (rule.log !== undefined) expressions.push({ kind: 'log', ...rule.log });
  if (rule.verdict !== undefined) expressions.push(...linearizeVerdict(rule.verdict));
  return expressions;
}

const COUNTER: Expression = { kind: 'counter' };

function appendTest(expressions: Expression[], match: TestMatch): void {
  const length = Math.ceil(loadBits(match.test.load) / 8);
  for (const load of loadExpressions(match.test, length)) expressions.push(load);
  const compare = match.test.load.kind === 'l4proto' ? compareOnce(match, length) : compareExpression(match, length);
  if (compare !== undefined) expressions.push(compare);
}

function linearizeMatch(match: Exclude<Match, TestMatch>, family: PacketFamily, pins: Pins): readonly Expression[] {
  switch (match.kind) {
    case 'program':
      return [pinnedProgramMatch(pins.program(match.program))];
    case 'classifier':
      return [pinnedProgramMatch(pins.classifier(match.part))];
    case 'later_fragment':
      return LATER_FRAGMENT[family];
    case 'fragment_header':
      return FRAGMENT_HEADER;
  }
}

/** The fragment offset: 13 bits of the IPv4 header (RFC 791), 13 of the IPv6 fragment header (RFC 8200 4.5). */
const LATER_FRAGMENT: Readonly<Record<PacketFamily, Expression[]>> = {
  ip: [
    { kind: 'payload', base: 'network', offset: 6, length: 2, destination: NFT_REG_1 },
    ...isNotZeroUnder(0x1f, 0xff),
  ],
  ip6: [fromFragmentHeader({ offset: 2, length: 2, presence: false }), ...isNotZeroUnder(0xff, 0xf8)],
};

const FRAGMENT_HEADER: Expression[] = [
  fromFragmentHeader({ offset: 0, length: 1, presence: true }),
  { kind: 'cmp', source: NFT_REG_1, operator: 'eq', value: Uint8Array.of(1) },
];

/** Of the first one; with `presence` a 1 where there is one. */
function fromFragmentHeader(place: { offset: number; length: number; presence: boolean }): ExthdrExpression {
  return { kind: 'exthdr', protocol: 'ipv6', type: NEXTHDR_FRAGMENT, ...place, destination: NFT_REG_1 };
}

function isNotZeroUnder(...mask: readonly [number, number]): Expression[] {
  const xor = new Uint8Array(2);
  return [
    { kind: 'bitwise', source: NFT_REG_1, destination: NFT_REG_1, length: 2, mask: Uint8Array.from(mask), xor },
    { kind: 'cmp', source: NFT_REG_1, operator: 'neq', value: new Uint8Array(2) },
  ];
}

function loadExpressions({ load, mask }: Test, length: number): readonly Expression[] {
  if (mask === undefined) return loadOnce(load);
  const kept: Expression = {
    kind: 'bitwise',
    source: NFT_REG_1,
    destination: NFT_REG_1,
    length,
    mask: bigEndianBytes(mask, length),
    xor: new Uint8Array(length),
  };
  return [...bareLoad(load), kept];
}

/** Rules that read the same place load it by the same words. */
function loadOnce(load: Load): readonly Expression[] {
  const known = LOADS.get(load);
  if (known !== undefined) return known;
  const made = bareLoad(load);
  LOADS.set(load, made);
  return made;
}

const LOADS = new WeakMap<Load, readonly Expression[]>();

function bareLoad(load: Load, destination: Register = NFT_REG_1): Expression[] {
  if (load.kind === 'l4proto') return [{ kind: 'meta', key: 'l4proto', destination }];
  if (load.kind === 'in_iface') return [{ kind: 'meta', key: 'iifname', destination }];
  if (load.kind === 'length') {
    invariant(load.segment === 'network', 'partition() leaves the lengths of other segments to eBPF');
    // The kernel loads it in the host's byte order.
    const turned = {
      kind: 'byteorder',
      source: destination,
      destination,
      operation: 'hton',
      length: 4,
      size: 4,
    } as const;
    return [{ kind: 'meta', key: 'len', destination }, turned];
  }
  const { segment, offset, length } = load;
  switch (segment) {
    case 'network':
    case 'transport':
      return [{ kind: 'payload', base: segment, offset, length, destination }];
    case 'fragment_header':
      return [{ ...fromFragmentHeader({ offset, length, presence: false }), destination }];
    default:
      return defect(`partition() left a load of ${segment} to nftables`);
  }
}

/** Tests of protocols are few, and the same objects in all rules (ir/lower.ts). */
function compareOnce(match: TestMatch, length: number): Expression | undefined {
  const known = COMPARISONS.get(match.test);
  if (known !== undefined) return known;
  const made = compareExpression(match, length);
  if (made !== undefined) COMPARISONS.set(match.test, made);
  return made;
}

const COMPARISONS = new WeakMap<Test, Expression>();

/** undefined where the load alone decides. */
function compareExpression({ test, set }: TestMatch, length: number): Expression | undefined {
  const compared = comparison(test);
  switch (compared.kind) {
    case 'any':
      return undefined;
    case 'cmp': {
      const { operator, value } = compared;
      return { kind: 'cmp', source: NFT_REG_1, operator, value: bigEndianBytes(value, length) };
    }
    case 'range': {
      const { operator, from, to } = compared;
      const bounds = { from: bigEndianBytes(from, length), to: bigEndianBytes(to, length) };
      return { kind: 'range', source: NFT_REG_1, operator, ...bounds };
    }
    case 'lookup':
      invariant(set !== undefined, 'a test of several ranges has a set');
      return { kind: 'lookup', source: NFT_REG_1, set: set.name, invert: false };
  }
}

const VERDICTS: Readonly<Record<'drop' | 'accept' | 'return', readonly Expression[]>> = {
  drop: [{ kind: 'verdict', verdict: { code: 'drop' } }],
  accept: [{ kind: 'verdict', verdict: { code: 'accept' } }],
  return: [{ kind: 'verdict', verdict: { code: 'return' } }],
};

function linearizeVerdict(verdict: Verdict): readonly Expression[] {
  if (verdict.kind === 'vmap') return [...keyLoads(verdict.key), lookUpVerdict(verdict.map)];
  if (verdict.kind === 'jump' || verdict.kind === 'goto') {
    return [{ kind: 'verdict', verdict: { code: verdict.kind, chain: verdict.chain } }];
  }
  return VERDICTS[verdict.kind];
}

/** Into registers that follow one another: a load fills up its last 4 bytes with NUL. */
function keyLoads(key: readonly SetKey[]): Expression[] {
  let word = 0;
  return key.flatMap(({ load, length }) => {
    const register = registerAtWord(word);
    word += Math.ceil(length / 4);
    return bareLoad(load, register);
  });
}

function lookUpVerdict(set: string): Expression {
  return { kind: 'lookup', source: NFT_REG_1, set, invert: false, destination: NFT_REG_VERDICT };
}
