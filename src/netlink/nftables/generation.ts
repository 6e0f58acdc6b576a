// The generation of a namespace's ruleset: a u32 that every committed change of any table raises. A batch that names the
// generation it was built for is refused when another change came first.

import { type Message, NLM_F_ACK, type Request } from '../message';
import { present } from '../present';
import { decodeNftables, encodeNftables, NFT_MSG_GETGEN, NFT_MSG_NEWGEN } from './nfgenmsg';

const NFTA_GEN_ID = 1;
const NFTA_GEN_PROC_PID = 2;
const NFTA_GEN_PROC_NAME = 3;

export interface Generation {
  readonly id: number;
  /** The thread that made the change (of the answer to GETGEN: that asks), in the first namespace of processes. */
  readonly processId?: number;
  readonly processName?: string;
}

/** `nft --debug=mnl` does this before every change. */
export function getGeneration(): Request {
  const header = { message: NFT_MSG_GETGEN, flags: NLM_F_ACK, family: 'unspec' as const };
  return { operation: 'get the generation', bytes: encodeNftables(header, () => {}) };
}

/** Of an answer to GETGEN and of the notification at the end of every transaction. */
export function decodeGeneration(message: Message): Generation {
  const { attributes } = decodeNftables(message, NFT_MSG_NEWGEN, 'generation');
  return present({
    id: attributes.required(attributes.u32be(NFTA_GEN_ID), 'NFTA_GEN_ID'),
    processId: attributes.u32be(NFTA_GEN_PROC_PID),
    processName: attributes.string(NFTA_GEN_PROC_NAME),
  });
}

/** What a committed change makes of it: a u32 that leaves out 0. */
export function nextGeneration(generation: number): number {
  return generation === 0xffffffff ? 1 : generation + 1;
}
