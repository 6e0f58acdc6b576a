// Which rule of an account would drop the answers to the probes of its own tunnels. They come out of a tunnel like any
// other packet and pass the rules before the kernel gives them to the prober: a policy that blocks ICMP, or all that it
// does not name, takes its own tunnels down.

import type { Account } from '../account/account';
import { evaluate } from '../ir/evaluate';
import type { Ruleset } from '../ir/ruleset';
import { type Address, printAddress } from '../net/address';
import { answerPacket, TOKEN_BYTES } from './echo';
import { monitoredTunnels } from './monitored-tunnel';
import { type ProbePath, probePath } from './probe-path';

export interface BlockedProbe {
  readonly tunnel: string;
  /** Of the rule. */
  readonly ref: string;
  readonly message: string;
  readonly cure: string;
}

/** By the evaluator, for an answer that has been through no router: a rule about TTLs may see another one. */
export function blockedProbes(account: Account, ruleset: Ruleset): readonly BlockedProbe[] {
  return monitoredTunnels(account).flatMap(tunnel => {
    const path = probePath(tunnel);
    if (path.kind === 'none' || !passesRules(path, account)) return [];
    const inIface = path.answer === 'tunnel' ? Buffer.from(tunnel.name) : undefined;
    const { verdict, rule } = evaluate(ruleset, answerPacket(path, ECHO), inIface);
    return verdict === 'drop' && rule !== undefined ? [blocked(tunnel.name, rule.ref, path)] : [];
  });
}

/** What comes over the Internet comes to the host, whose packets the rules see only of an account that is in its namespace. */
function passesRules({ answer }: ProbePath, { namespace }: Account): boolean {
  return answer === 'tunnel' || namespace.kind === 'host';
}

const ECHO = { identifier: 1, sequence: 1, prober: 1, token: new Uint8Array(TOKEN_BYTES) };

function blocked(tunnel: string, ref: string, path: ProbePath): BlockedProbe {
  const [from, to] = path.icmp === 'reply' ? [path.source, path.destination] : [path.destination, path.source];
  return {
    tunnel,
    ref,
    message: `rule ${ref} drops the answers to the health probes of tunnel ${tunnel}, which would be taken for down`,
    cure: `before it, skip what matches: ${expressionOf(from, to)}`,
  };
}

function expressionOf(from: Address, to: Address): string {
  const type = from.family === 4 ? 'icmp.type == 0' : 'icmpv6.type == 129';
  return `${type} and ip.src == ${printAddress(from)} and ip.dst == ${printAddress(to)}`;
}
