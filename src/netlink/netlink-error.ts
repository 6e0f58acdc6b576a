// What goes wrong on a netlink socket, as data: which operation, about what, the kernel's errno and extended-ack text,
// and where in our message it points. Callers branch on `code` or on the predicates below, never on the text.

import { errnoName } from './errno-name';

export interface NetlinkErrorDetails {
  /** errno symbol: the kernel's, or EBADMSG for bytes that do not decode and EINVAL, EMSGSIZE, ENAMETOOLONG for ours. */
  readonly code: string;
  /** What was being done, such as 'commit', 'dump rules', 'decode NFTA_CMP_OP'. */
  readonly operation: string;
  /** What it was done to, in the caller's words: a rule id, a device, a path. */
  readonly subject?: string | undefined;
  /** Extended-ack text of the kernel, or our own explanation. */
  readonly text?: string | undefined;
  /** Bytes from the start of our message (its nlmsghdr) to the attribute the kernel complains about. */
  readonly offset?: number | undefined;
  readonly sequence?: number | undefined;
  /** What the reader can do about it. */
  readonly cure?: string | undefined;
  readonly cause?: unknown;
}

export class NetlinkError extends Error implements NetlinkErrorDetails {
  override readonly name = 'NetlinkError';
  readonly code: string;
  readonly operation: string;
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly offset: number | undefined;
  readonly sequence: number | undefined;
  readonly cure: string | undefined;

  constructor(details: NetlinkErrorDetails) {
    super(describe(details), { cause: details.cause });
    this.code = details.code;
    this.operation = details.operation;
    this.subject = details.subject;
    this.text = details.text;
    this.offset = details.offset;
    this.sequence = details.sequence;
    this.cure = details.cure;
  }
}

/** The kernel answered with a (positive) errno. */
export function kernelError(errno: number, details: Omit<NetlinkErrorDetails, 'code'>): NetlinkError {
  const code = errnoName(errno);
  return new NetlinkError({ cure: CURES[code], ...details, code });
}

/** Bytes from the socket that cannot be read as what they claim to be. */
export function malformed(place: string, text: string): NetlinkError {
  return new NetlinkError({ code: 'EBADMSG', operation: `decode ${place}`, text });
}

export function isNotFound(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

export function isAlreadyThere(error: unknown): boolean {
  return hasCode(error, 'EEXIST');
}

/** The batch named a generation that is no longer the current one (NFNL_BATCH_GENID): nothing was applied. */
export function isStaleGeneration(error: unknown): boolean {
  return hasCode(error, 'ERESTART');
}

export function isNotPermitted(error: unknown): boolean {
  return hasCode(error, 'EPERM');
}

/** A set or map has as many elements as it was made for. */
export function isFull(error: unknown): boolean {
  return hasCode(error, 'ENFILE');
}

/** Messages for us were dropped because the socket's receive buffer was full. */
export function isLost(error: unknown): boolean {
  return hasCode(error, 'ENOBUFS');
}

function hasCode(error: unknown, code: string): boolean {
  // Not by instanceof: the addon's errors and ours may be of different realms (node:vm).
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

const CURES: Readonly<Record<string, string>> = {
  EPERM:
    'run with CAP_NET_ADMIN in the namespace; a table with the owner flag takes changes only from the socket that made it',
  ERESTART: 'read the ruleset again and build the batch for the generation that is current now',
  EMSGSIZE: 'send fewer operations at once, or let the process raise SO_SNDBUF (CAP_NET_ADMIN)',
};

function describe({ code, operation, subject, text, offset, cure }: NetlinkErrorDetails): string {
  const about = subject === undefined ? '' : ` (${subject})`;
  const place = offset === undefined ? '' : ` at byte ${offset} of the message`;
  return `${operation}${about}: ${code}${text === undefined ? '' : `: ${text}`}${place}${cure === undefined ? '' : `; ${cure}`}`;
}
