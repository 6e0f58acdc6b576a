// Splits a formula between nftables and eBPF: what nftables can load and compare stays, the rest becomes program
// conditions. Neighbours under one operator that both need eBPF share one program, for each xt_bpf rule costs 50 ns.

import { and, type Formula, or, type Test, xor } from '../../ir/formula';
import type { Segment } from '../../packet/packet';

/** Each costs the verifier 17,000 of the million instructions that it walks through at the most. */
const MOST_SCANS = 32;

/** A formula whose leaves are nft tests and programs. */
export type Mixed =
  | { readonly kind: 'constant'; readonly value: boolean }
  | Test
  | { readonly kind: 'program'; readonly formula: Formula }
  | { readonly kind: 'not'; readonly operand: Mixed }
  | { readonly kind: 'and' | 'or' | 'xor'; readonly operands: readonly Mixed[] };

export function partition(formula: Formula): Mixed {
  switch (formula.kind) {
    case 'constant':
      return formula;
    case 'test':
      return canLoad(formula) ? formula : { kind: 'program', formula };
    case 'scan':
      return { kind: 'program', formula };
    case 'not': {
      const operand = partition(formula.operand);
      return operand.kind === 'program' ? { kind: 'program', formula } : { kind: 'not', operand };
    }
    case 'and':
    case 'or':
    case 'xor':
      return partitionOperands(formula.kind, formula.operands);
  }
}

function partitionOperands(kind: 'and' | 'or' | 'xor', operands: readonly Formula[]): Mixed {
  const parts = operands.map(partition);
  const others = parts.filter(part => part.kind !== 'program');
  const formulas = parts.flatMap(part => (part.kind === 'program' ? [part.formula] : []));
  const join = { and, or, xor }[kind];
  const programs = bundles(formulas).map(bundle => ({ kind: 'program', formula: join(bundle) }) as const);
  const [first] = programs;
  if (first !== undefined && programs.length === 1 && others.length === 0) return first;
  return { kind, operands: [...others, ...programs] };
}

/** As many formulas together as one program can scan for. */
function bundles(formulas: readonly Formula[]): Formula[][] {
  const filled: Formula[][] = [];
  let scans = MOST_SCANS + 1;
  for (const formula of formulas) {
    const more = countScans(formula);
    scans += more;
    if (scans > MOST_SCANS) {
      filled.push([]);
      scans = more;
    }
    filled.at(-1)?.push(formula);
  }
  return filled;
}

function countScans(formula: Formula): number {
  if (formula.kind === 'scan') return 1;
  if (formula.kind === 'not') return countScans(formula.operand);
  if (!('operands' in formula)) return 0;
  return formula.operands.reduce((sum, operand) => sum + countScans(operand), 0);
}

/**
 * nft_payload reads from the start of the network or transport header, nft_exthdr from that of an IPv6 Fragment header,
 * nft_meta the upper-layer protocol and the length of the packet.
 */
export function canLoad({ load }: Test): boolean {
  if (load.kind === 'l4proto') return true;
  if (load.kind === 'length') return load.segment === 'network';
  return READABLE.has(load.segment) && load.from === 'start' && load.length > 0 && load.plus === undefined;
}

const READABLE: ReadonlySet<Segment> = new Set(['network', 'transport', 'fragment_header']);
