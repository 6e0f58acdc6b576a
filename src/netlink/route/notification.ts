// What a notification of rtnetlink is about, new or deleted, as far as it has to be known to tell whose object it is.
// Notifications of links come with any part of their attributes.

import type { Address } from '../../net/address';
import { Attributes } from '../attribute';
import type { Message } from '../message';
import { decodeAddress, ipVersion } from './ip-bytes';

const IFINFOMSG = 16;
const IFLA_IFALIAS = 20;
const RTMSG = 12;
const RTA_DST = 1;

/** Of a link; undefined where it has none. */
export function notifiedAlias({ payload }: Message): string | undefined {
  return Attributes.of(payload.subarray(IFINFOMSG), 'notification of a link').string(IFLA_IFALIAS);
}

export interface NotifiedRoute {
  readonly network: Address;
  readonly prefixLength: number;
  /** RTPROT_*: whose it is. */
  readonly protocol: number;
}

/** undefined for routes of neither IPv4 nor IPv6. */
export function notifiedRoute({ payload }: Message): NotifiedRoute | undefined {
  const [family = 0, prefixLength = 0, , , , protocol = 0] = payload;
  const version = ipVersion(family);
  if (version === undefined) return undefined;
  const destination = decodeAddress(Attributes.of(payload.subarray(RTMSG), 'notification of a route'), RTA_DST);
  return { network: destination ?? { family: version, value: 0n }, prefixLength, protocol };
}
