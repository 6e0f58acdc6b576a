// Splits a formula between nftables and eBPF: what nftables can load and compare stays, the rest becomes program
// conditions. Neighbours under one operator that both need eBPF share one program, for each xt_bpf rule costs 50 ns.

import { and, type Formula, or, type Test, xor } from '../../ir/formula';

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
  const programs = parts.flatMap(part => (part.kind === 'program' ? [part.formula] : []));
  const others = parts.filter(part => part.kind !== 'program');
  if (programs.length === 0) return { kind, operands: others };
  const shared: Mixed = { kind: 'program', formula: { and, or, xor }[kind](programs) };
  return others.length === 0 ? shared : { kind, operands: [...others, shared] };
}

/** nft_payload reads from the start of the network or transport header, nft_meta the upper-layer protocol. */
export function canLoad({ load }: Test): boolean {
  if (load.kind === 'l4proto') return true;
  if (load.kind === 'length') return false;
  const readable = load.segment === 'network' || load.segment === 'transport';
  return readable && load.from === 'start' && load.length > 0 && load.plus === undefined;
}
