// The message types of rtnetlink (linux/rtnetlink.h) and what its requests share: they ask for an acknowledgement, and
// attributes hold host byte order except where they hold addresses.

import { Attributes } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import {
  encodeMessage,
  type Message,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  type Request,
} from '../message';
import { malformed } from '../netlink-error';

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_GETADDR = 22;
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
export const RTM_NEWNETCONF = 80;
export const RTM_DELNETCONF = 81;
export const RTM_NEWNSID = 88;
export const RTM_GETNSID = 90;

/** As `ip … add`: fails with EEXIST on what is there. */
export const ADD = NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
/** As `ip … replace`. */
export const REPLACE = NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
export const CHANGE = NLM_F_ACK;
export const DUMP = NLM_F_DUMP;

export interface RouteRequest {
  /** RTM_*. */
  readonly type: number;
  readonly flags: number;
  readonly operation: string;
  readonly subject?: string;
}

export function routeRequest(
  { type, flags, operation, subject }: RouteRequest,
  write: (writer: AttributeWriter) => void,
): Request {
  return { operation, subject, bytes: encodeMessage(type, flags, write) };
}

/**
 * The fixed header, of `size` bytes, and the attributes after it. `expected` is RTM_NEW…; the notification of a deletion, one
 * number on, has the same form.
 */
export function decodeRouteMessage(
  message: Message,
  expected: number,
  size: number,
): { header: DataView; attributes: Attributes } {
  const place = `rtnetlink message ${message.type}`;
  const { payload } = message;
  if ((message.type !== expected && message.type !== expected + 1) || payload.length < size)
    throw malformed(place, `${payload.length} bytes, wanted type ${expected}`);
  return {
    header: new DataView(payload.buffer, payload.byteOffset, size),
    attributes: Attributes.of(payload.subarray(size), place),
  };
}
