// Where the bytes that are asked for already tell what a scan says: all of its segment, or as much of it as the automaton
// needs to accept whatever follows.

import { invariant } from '../diagnostic/invariant';
import { accepts, type Dfa } from '../ir/automaton/dfa';
import { between, of } from '../net/interval-set';
import { dissect } from '../packet/packet';
import type { Edge } from './bdd';
import { within } from './binary';
import type { Draft } from './draft';
import { bytesOf, is, isAtLeast, lengthOf, type PacketModel } from './model';

export interface ToldText {
  /** Bytes from the segment's start on that tell it. */
  readonly length: number;
  readonly toEnd: boolean;
  readonly accepted: boolean;
}

export function toldText({ bytes, asked }: Draft, start: number, automaton: Dfa): ToldText | undefined {
  const free = asked.findIndex((bits, position) => position >= start && bits !== 0xff);
  const end = free === -1 ? bytes.length : free;
  for (let length = 1; start + length <= end; length++) {
    if (isSettled(automaton, bytes.subarray(start, start + length))) return { length, toEnd: false, accepted: true };
  }
  if (end < bytes.length) return undefined;
  return { length: end - start, toEnd: true, accepted: accepts(automaton, bytes.subarray(start, end)) };
}

/** Accepted, and with every continuation. */
function isSettled({ next, classes, classCount }: Dfa, text: Uint8Array): boolean {
  const state = text.reduce(
    (from, byte) => (from === 1 ? 1 : (next[from * classCount + (classes[byte] as number)] as number)),
    0,
  );
  return state === 1;
}

/** The packets whose transport header is followed by this text, which begins at `start` of this packet. */
export function packetsWithText(model: PacketModel, bytes: Uint8Array, start: number, text: ToldText): Edge {
  const d = model.diagrams;
  const transport = dissect(bytes)?.transport;
  invariant(transport !== undefined && start >= transport, 'a payload lies behind a transport header');
  const from = start - transport;
  const length = from + text.length;
  const told = Array.from({ length: text.length }, (_, index) =>
    is(model, bytesOf(model, 'transport', from + index, 1), bytes[start + index] as number),
  );
  return d.every([
    model.transportFound,
    text.toEnd ? within(d, lengthOf(model, 'transport'), of(BigInt(length))) : isAtLeast(model, 'transport', length),
    dataOffset(model, bytes, transport, from),
    ...told.reverse(),
  ]);
}

/** TCP's payload begins where the header says; what else may begin there does no harm. */
function dataOffset(model: PacketModel, bytes: Uint8Array, transport: number, from: number): Edge {
  if (from < 20) return model.transportFound;
  const words = BigInt((bytes[transport + 12] as number) >> 4);
  return within(model.diagrams, bytesOf(model, 'transport', 12, 1).slice(0, 4), between(words, words));
}
