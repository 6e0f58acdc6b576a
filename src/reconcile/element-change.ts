// From the elements that a verdict map has to those that it is to have. What stays is not sent, and keeps its counter.

import { keyText } from '../backend/nft/verdict-map';
import type { SetElement } from '../netlink/nftables/element';
import { commentOf, digestOf } from './description';

export interface ElementChange {
  /** Deleted before the others are added: an element that gets another verdict or owner is in both. */
  readonly deleted: readonly SetElement[];
  readonly added: readonly SetElement[];
}

export function changeElements(wanted: readonly SetElement[], actual: readonly SetElement[]): ElementChange {
  const there = new Map(actual.map(element => [keyOf(element), element]));
  const added: SetElement[] = [];
  for (const element of wanted) {
    const key = keyOf(element);
    const present = there.get(key);
    if (present !== undefined && isSame(element, present)) there.delete(key);
    else added.push(element);
  }
  return { deleted: [...there.values()], added };
}

/** Equal for equal keys of one map. */
export function keyOf({ key }: SetElement): string {
  return key === undefined ? '' : keyText(key);
}

function isSame(a: SetElement, b: SetElement): boolean {
  return verdictOf(a) === verdictOf(b) && commentOf(a) === commentOf(b) && digestOf(a) === digestOf(b);
}

export function verdictOf({ data }: SetElement): string | undefined {
  return data?.kind === 'verdict' ? data.verdict.code : undefined;
}
