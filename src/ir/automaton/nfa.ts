// A pattern over bytes as a non-deterministic automaton (Thompson's construction): states that read a byte, branch, or
// assert something about the place between two bytes.

import type { CharSet } from '../../language/regex/char-set';
import type { Assertion, RegexNode } from '../../language/regex/node';

export type NfaState =
  | { readonly kind: 'bytes'; readonly set: CharSet; readonly to: number }
  | { readonly kind: 'branch'; readonly to: readonly number[] }
  | { readonly kind: 'assertion'; readonly assertion: Assertion; readonly to: number }
  | { readonly kind: 'match' };

export interface Nfa {
  readonly states: readonly NfaState[];
  readonly start: number;
  /**
   * A state that stays whatever byte comes, on every way to the match: with it in a set nothing is gained by states that
   * lead to it. Those have the numbers from the given one on.
   */
  readonly beyond: ReadonlyMap<number, number>;
}

/** undefined when it takes more states than `most`. */
export function nfaOf(node: RegexNode, most: number): Nfa | undefined {
  const states: NfaState[] = [{ kind: 'match' }];
  const beyond = new Map<number, number>();
  let start = 0;
  // The last part first, as each is built onto what follows it.
  for (const part of (node.kind === 'sequence' ? [...node.parts] : [node]).reverse()) {
    start = build(part, start, states, most);
    if (isAnyBytes(part)) beyond.set(start, states.length);
  }
  return states.length > most ? undefined : { states, start, beyond };
}

/** Any number of any bytes. */
export function isAnyBytes(node: RegexNode): boolean {
  if (node.kind !== 'repeat' || node.least !== 0 || node.most !== undefined || node.part.kind !== 'bytes') return false;
  const [range] = node.part.set;
  return node.part.set.length === 1 && range?.from === 0 && range.to === 0xff;
}

/** Builds backwards: returns the state from which `node` leads to `to`. */
function build(node: RegexNode, to: number, states: NfaState[], most: number): number {
  if (states.length > most) return to;
  switch (node.kind) {
    case 'bytes':
      return states.push({ kind: 'bytes', set: node.set, to }) - 1;
    case 'assertion':
      return states.push({ kind: 'assertion', assertion: node.assertion, to }) - 1;
    case 'sequence':
      return node.parts.reduceRight((next, part) => build(part, next, states, most), to);
    case 'choice': {
      const branches = node.parts.map(part => build(part, to, states, most));
      return states.push({ kind: 'branch', to: branches }) - 1;
    }
    case 'repeat':
      return buildRepeat(node, to, states, most);
  }
}

function buildRepeat(
  { part, least, most: greatest }: Extract<RegexNode, { kind: 'repeat' }>,
  to: number,
  states: NfaState[],
  most: number,
): number {
  let next = greatest === undefined ? buildLoop(part, to, states, most) : to;
  for (let copy = least; copy < (greatest ?? least) && states.length <= most; copy++) {
    next = states.push({ kind: 'branch', to: [build(part, next, states, most), to] }) - 1;
  }
  for (let copy = 0; copy < least && states.length <= most; copy++) next = build(part, next, states, most);
  return next;
}

/** A branch into the part and out; the part leads back to the branch, which is why its place is taken first. */
function buildLoop(part: RegexNode, to: number, states: NfaState[], most: number): number {
  const loop = states.push({ kind: 'branch', to: [] }) - 1;
  const inside = build(part, loop, states, most);
  states[loop] = { kind: 'branch', to: [inside, to] };
  return loop;
}
