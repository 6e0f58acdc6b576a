// A packet that shows something, and the interface that it comes in by where a rule asks for one: of a packet itself no
// byte says it.

import { IFNAMSIZ } from '../net/interface-name';
import { type Assignment, numberOf } from './assignment';
import type { Edge } from './bdd';
import { within } from './binary';
import { bytesOf, factOf, type PacketModel } from './model';
import { byteBits, type Variable, variableAt } from './variable';

export interface Witness {
  readonly frame: Uint8Array;
  /** undefined: any, or none that is known. */
  readonly inIface: Uint8Array | undefined;
}

/** As it is printed: hex from the network header on, and the name. */
export function witnessText({ frame, inIface }: Witness): {
  readonly witness: string;
  readonly in_iface: string | null;
} {
  return {
    witness: Buffer.from(frame).toString('hex'),
    in_iface: inIface === undefined ? null : Buffer.from(inIface).toString('latin1'),
  };
}

const FOUND = { kind: 'fact', name: 'in_iface_found' } as const;

export function interfaceOf(assignment: Assignment): Uint8Array | undefined {
  const asked = [...assignment.decided.keys()].some(level => isOfInterface(variableAt(level, assignment.family)));
  if (!asked || numberOf(assignment, [FOUND]) === 0) return undefined;
  const padded = Array.from({ length: IFNAMSIZ }, (_, byte) => numberOf(assignment, byteBits('in_iface', byte)));
  return Uint8Array.from(padded.slice(0, padded.indexOf(0)));
}

function isOfInterface(variable: Variable): boolean {
  return variable.kind === 'byte'
    ? variable.region === 'in_iface'
    : variable.kind === 'fact' && variable.name === FOUND.name;
}

/** What no name is: empty, without an end, or going on behind it. */
export function noInterfaceName(model: PacketModel): Edge {
  const d = model.diagrams;
  const isEnd = (byte: number) => within(d, bytesOf(model, 'in_iface', byte, 1), [{ from: 0n, to: 0n }]);
  const goesOn = Array.from({ length: IFNAMSIZ - 1 }, (_, byte) => d.minus(isEnd(byte), isEnd(byte + 1)));
  return d.and(factOf(model, FOUND.name), d.some([isEnd(0), d.not(isEnd(IFNAMSIZ - 1)), ...goesOn]));
}
