// The kernel's answers about our messages: NLMSG_ERROR (also an acknowledgement, with error 0) and the status in
// NLMSG_DONE, both with extended-ack attributes when NETLINK_EXT_ACK is set: a text and the place in our message.

import { Attributes, align, readU32 } from './attribute';
import { type Message, NLM_F_ACK_TLVS, NLM_F_CAPPED, NLMSG_DONE, NLMSG_HEADER } from './message';
import { malformed } from './netlink-error';
import { present } from './present';

const NLMSGERR_ATTR_MSG = 1;
const NLMSGERR_ATTR_OFFS = 2;
const NLMSGERR_ATTR_MISS_TYPE = 5;
const NLMSGERR_ATTR_MISS_NEST = 6;

export interface Acknowledgement {
  /** 0 for success, otherwise positive. */
  readonly errno: number;
  readonly text?: string;
  /** From the start of our message's nlmsghdr to the attribute that the kernel refused. */
  readonly offset?: number;
  /** Type of the attribute that the kernel missed, and the offset of the nest that lacks it. */
  readonly missingType?: number;
  readonly missingNest?: number;
}

/** Of an NLMSG_ERROR or NLMSG_DONE message. */
export function decodeAcknowledgement(message: Message): Acknowledgement {
  const { payload } = message;
  if (payload.length < 4) throw malformed('nlmsgerr', `${payload.length} bytes instead of an error number`);
  const errno = 0 - (readU32(payload, 0) | 0);
  if (errno < 0) throw malformed('nlmsgerr', `the error number ${-errno} is positive`);
  if ((message.flags & NLM_F_ACK_TLVS) === 0) return { errno };
  const tlvs = Attributes.of(payload.subarray(tlvOffset(message)), 'nlmsgerr');
  return present({
    errno,
    text: tlvs.string(NLMSGERR_ATTR_MSG),
    offset: tlvs.u32(NLMSGERR_ATTR_OFFS),
    missingType: tlvs.u32(NLMSGERR_ATTR_MISS_TYPE),
    missingNest: tlvs.u32(NLMSGERR_ATTR_MISS_NEST),
  });
}

/** The attributes follow the error number and, in NLMSG_ERROR, our message: its header alone when it was capped. */
function tlvOffset({ type, flags, payload }: Message): number {
  if (type === NLMSG_DONE) return 4;
  if (payload.length < 4 + NLMSG_HEADER) throw malformed('nlmsgerr', 'the header of our message is missing');
  return 4 + ((flags & NLM_F_CAPPED) !== 0 ? NLMSG_HEADER : align(readU32(payload, 4)));
}
