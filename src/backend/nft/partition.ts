// Splits a formula between nftables and eBPF: what nftables can load and compare stays, the rest becomes program
// conditions. Neighbours under one operator that both need eBPF share one program, for each xt_bpf rule costs 50 ns.

import { and, type Formula, or, type Test, xor } from '../../ir/formula';
import type { Segment } from '../../packet/packet';

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

/** Can nftables express all of it? */
export function isInNftables(formula: Formula): boolean {
  return !usesProgram(partition(formula));
}

export function usesProgram(mixed: Mixed): boolean {
  if (mixed.kind === 'program') return true;
  if (mixed.kind === 'not') return usesProgram(mixed.operand);
  return 'operands' in mixed && mixed.operands.some(usesProgram);
}

function partitionOperands(kind: 'and' | 'or' | 'xor', operands: readonly Formula[]): Mixed {
  const parts = operands.map(partition);
  const others = parts.filter(part => part.kind !== 'program');
  const formulas = parts.flatMap(part => (part.kind === 'program' ? [part.formula] : []));
  if (formulas.length === 0) return { kind, operands: others };
  const program: Mixed = { kind: 'program', formula: { and, or, xor }[kind](formulas) };
  return others.length === 0 ? program : { kind, operands: [...others, program] };
}

/**
 * nft_payload reads from the start of the network or transport header, nft_exthdr from that of an IPv6 Fragment header,
 * nft_meta the upper-layer protocol, the length of the packet and the interface's name.
 */
export function canLoad({ load }: Test): boolean {
  if (load.kind === 'l4proto' || load.kind === 'in_iface') return true;
  if (load.kind === 'length') return load.segment === 'network';
  return READABLE.has(load.segment) && load.from === 'start' && load.length > 0 && load.plus === undefined;
}

const READABLE: ReadonlySet<Segment> = new Set(['network', 'transport', 'fragment_header']);
