// What a notification of nf_tables is about, whatever kind of object it tells of: every kind has its table's name first.

import { Attributes } from '../attribute';
import type { Message } from '../message';
import { NFGENMSG } from './nfgenmsg';

/** NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE, NFTA_SET_TABLE, NFTA_SET_ELEM_LIST_TABLE, NFTA_OBJ_TABLE, … */
const NFTA_ANY_TABLE = 1;

/** undefined where the message does not say. */
export function notifiedTable({ payload }: Message): string | undefined {
  return Attributes.of(payload.subarray(NFGENMSG), 'notification').string(NFTA_ANY_TABLE);
}
