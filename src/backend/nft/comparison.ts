// How nftables compares a loaded value: one compare or range expression where the values allow it, a set otherwise.

import { loadBits, type Test } from '../../ir/formula';
import { greatest } from '../../net/interval-set';

export type Comparison =
  /** The load alone decides: it fails where the bytes are missing. */
  | { readonly kind: 'any' }
  | { readonly kind: 'cmp'; readonly operator: 'eq' | 'neq' | 'lte' | 'gte'; readonly value: bigint }
  | { readonly kind: 'range'; readonly operator: 'eq' | 'neq'; readonly from: bigint; readonly to: bigint }
  | { readonly kind: 'lookup' };

export function comparison({ load, mask, values }: Test): Comparison {
  const first = values[0];
  const second = values[1];
  if (first === undefined || values.length > 2) return { kind: 'lookup' };
  if (second === undefined && first.from === first.to) return { kind: 'cmp', operator: 'eq', value: first.from };
  // Values may go on beyond what the mask lets through, where a test has been complemented.
  const top = mask ?? greatest(loadBits(load));
  if (second === undefined) {
    const { from, to } = first;
    if (from === 0n) return to >= top ? { kind: 'any' } : { kind: 'cmp', operator: 'lte', value: to };
    if (from === 1n && to >= top) return { kind: 'cmp', operator: 'neq', value: 0n };
    return to >= top ? { kind: 'cmp', operator: 'gte', value: from } : { kind: 'range', operator: 'eq', from, to };
  }
  if (first.from !== 0n || second.to < top) return { kind: 'lookup' };
  const from = first.to + 1n;
  const to = second.from - 1n;
  return from === to ? { kind: 'cmp', operator: 'neq', value: from } : { kind: 'range', operator: 'neq', from, to };
}
