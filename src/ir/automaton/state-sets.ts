// The sets of a pattern's states that the table's states stand for, each known by its content.

import type { Side } from './byte-classes';
import { MATCHED } from './dfa';
import type { Nfa, NfaState } from './nfa';

interface StateSet {
  readonly nfaStates: Int32Array;
  readonly before: Side;
}

/** Set 0 is the start's, set 1 empty: that of the state that has matched. */
export class StateSets {
  /** Members looked at so far. */
  steps = 0;
  readonly #nfa: Nfa;
  /** By the pattern's state: is a match reached from it whatever comes? */
  readonly #matching: Uint8Array;
  readonly #sets: StateSet[];
  readonly #byHash = new Map<number, number[]>();
  /** The state where nothing has been read of a match, by what came before. */
  readonly #fresh = new Map<Side, number>();
  readonly #beyond: Int32Array;
  readonly #seen: Int32Array;
  #round = 0;

  constructor(nfa: Nfa, edge: Side) {
    this.#nfa = nfa;
    this.#matching = matching(nfa);
    this.#seen = new Int32Array(nfa.states.length);
    this.#beyond = new Int32Array(nfa.states.length).fill(nfa.states.length);
    for (const [state, from] of nfa.beyond) this.#beyond[state] = from;
    this.#sets = [
      { nfaStates: Int32Array.of(nfa.start), before: edge },
      { nfaStates: new Int32Array(0), before: 'other' },
    ];
    if (edge === 'other') this.#byHash.set(hashOf(nfa.start), [0]);
  }

  get count(): number {
    return this.#sets.length;
  }

  at(state: number): StateSet {
    return this.#sets[state] as StateSet;
  }

  /** The state for what the given ones and the start, as a match may begin anywhere, make together. */
  stateOf(given: readonly number[], before: Side): number {
    const fresh = given.length === 0 ? this.#fresh.get(before) : undefined;
    if (fresh !== undefined) return fresh;
    const state = this.#known(this.#distinct(given), before);
    if (given.length === 0) this.#fresh.set(before, state);
    return state;
  }

  #known(members: readonly number[] | undefined, before: Side): number {
    if (members === undefined) return MATCHED;
    let hash = 0;
    for (const member of members) hash = (hash + hashOf(member)) | 0;
    const alike = this.#byHash.get(hash) ?? [];
    const found = alike.find(state => this.#isSet(state, members.length, before));
    if (found !== undefined) return found;
    this.#byHash.set(hash, [...alike, this.count]);
    return this.#sets.push({ nfaStates: Int32Array.from(members), before }) - 1;
  }

  /** undefined where one of them matches. Marks the members as seen in this round. */
  #distinct(given: readonly number[]): number[] | undefined {
    const { start } = this.#nfa;
    let least = this.#beyond[start] as number;
    for (const each of given) least = Math.min(least, this.#beyond[each] as number);
    const members: number[] = [];
    this.#round++;
    this.steps += given.length + 1;
    if (this.#matching[start] === 1) return undefined;
    if (start < least) this.#add(start, members);
    for (const each of given) {
      if (each >= least || this.#seen[each] === this.#round) continue;
      if (this.#matching[each] === 1) return undefined;
      this.#add(each, members);
    }
    return members;
  }

  #add(nfaState: number, members: number[]): void {
    this.#seen[nfaState] = this.#round;
    members.push(nfaState);
  }

  #isSet(state: number, size: number, before: Side): boolean {
    const set = this.at(state);
    if (set.nfaStates.length !== size || set.before !== before) return false;
    this.steps += size;
    return set.nfaStates.every(each => this.#seen[each] === this.#round);
  }
}

/** Any sum of these will do: the order of the members is not to matter. */
function hashOf(nfaState: number): number {
  return Math.imul(Math.imul(nfaState + 1, 0x9e3779b1) ^ (nfaState >>> 3), 0x85ebca6b);
}

function matching({ states }: Nfa): Uint8Array {
  const found = new Uint8Array(states.length);
  const from: number[][] = states.map(() => []);
  for (const [index, state] of states.entries()) {
    if (state.kind === 'branch') for (const to of state.to) from[to]?.push(index);
  }
  const waiting = [...states.keys()].filter(index => (states[index] as NfaState).kind === 'match');
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (found[index] === 1) continue;
    found[index] = 1;
    for (const each of from[index] ?? []) waiting.push(each);
  }
  return found;
}
