// Why a probe failed, or could not even be sent, in words and with the cure.

import { isNativeError } from '../native';
import { printAddress } from '../net/address';
import { NamespaceError } from '../netns/namespace-error';
import type { NoPath, ProbePath } from './probe-path';
import type { HealthReason } from './tunnel-health';

type Words = Omit<HealthReason, 'at'>;

/** A probe without an answer, or none at all. */
export interface Failure {
  readonly reason: Words;
  /** Whether it is the tunnel that failed; otherwise nothing is known of it, and it stays what it was. */
  readonly countsAsFailure: boolean;
}

/** Of what was thrown while a probe was sent; errors that are none of the kernel's are thrown again. */
export function notSent(error: unknown, device: string): Failure {
  if (error instanceof NamespaceError) {
    const { code, message, cure } = error;
    // A namespace that is gone has no tunnel in it; a lack of descriptors or rights is ours.
    return { reason: { code, message, cure }, countsAsFailure: code === 'ENOENT' };
  }
  if (!isNativeError(error)) throw error;
  const { code, message, syscall } = error;
  if (code === 'ENODEV') {
    const reason = {
      code,
      message: `there is no device ${device}`,
      cure: 'an agent makes it anew; the status of its account says why not',
    };
    return { reason, countsAsFailure: true };
  }
  const reason = { code, message: `no probe could be sent: ${message}`, cure: cureOf(code, device) };
  return { reason, countsAsFailure: syscall === 'sendmsg' && !SHORTAGES.has(code) };
}

export const NO_ROOM: Failure = {
  countsAsFailure: false,
  reason: {
    code: 'EAGAIN',
    message: 'no probe could be sent: the socket has no room',
    cure: 'its device holds packets back; see its queue with `tc -s qdisc`',
  },
};

export function noReply(path: ProbePath, timeout: number): Failure {
  const way = path.answer === 'tunnel' ? 'by the tunnel' : 'over the Internet';
  return {
    countsAsFailure: true,
    reason: {
      code: 'no_reply',
      message: `no answer within ${timeout} ms`,
      cure: `${wanted(path)}, ${way}; no rule may drop the answer${martian(path)}`,
    },
  };
}

function wanted({ icmp, destination }: ProbePath): string {
  const address = printAddress(destination);
  return icmp === 'reply' ? `the other end must route ${address} back` : `${address} must answer pings`;
}

/** ip_route_input_slow() of Linux: no packet comes from outside with an address of ours. IPv6 has no such check. */
function martian({ icmp, family, source }: ProbePath): string {
  if (icmp === 'request' || family === 6) return '';
  return `; where ${printAddress(source)} is an address of a Linux router itself, that needs net.ipv4.conf.all.accept_local=1`;
}

export function noPath({ message, cure }: NoPath): Failure {
  return { countsAsFailure: false, reason: { code: 'no_path', message, cure } };
}

const SHORTAGES: ReadonlySet<string> = new Set(['ENOBUFS', 'ENOMEM']);

function cureOf(code: string, device: string): string {
  switch (code) {
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return `see that ${device} is up and has an address of that family`;
    case 'EPERM':
      return 'a rule drops it on its way out';
    case 'EMSGSIZE':
      return `raise the MTU of ${device}`;
    default:
      return SHORTAGES.has(code)
        ? 'free memory of the machine; it is tried again by itself'
        : 'it is tried again by itself';
  }
}
