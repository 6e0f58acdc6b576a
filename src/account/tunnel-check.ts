// What a tunnel's kind asks for and does not take, what IPv6 inside it needs, and what no two tunnels may have in common.

import { printAddress } from '../net/address';
import { containsAddress, type Prefix, printPrefix } from '../net/prefix';
import { documentProblem, type ProblemWords } from './document-problem';
import type { Placed } from './placed';
import type { PolicyDocument } from './policy-document';
import type { PolicyProblem, PolicyProblemCode } from './policy-problem';
import type { TunnelText } from './tunnel';
import { unroutable } from './unroutable';

type PlacedTunnel = Placed<TunnelText>;

/** A fault of the key at the end of a tunnel's path. */
interface Fault extends ProblemWords {
  readonly at: readonly (string | number)[];
  readonly code: PolicyProblemCode;
}

/** `routed`: prefixes that the host routes to the account. */
export function tunnelProblems(
  document: PolicyDocument,
  tunnels: readonly PlacedTunnel[],
  routed: readonly Prefix[],
): PolicyProblem[] {
  return tunnels.flatMap(({ position, value }, index) => {
    const before = tunnels.slice(0, index).map(each => each.value);
    return [
      ...nameFaults(value, before),
      ...endFaults(value),
      ...loopFaults(value, routed),
      ...keyFaults(value),
      ...twinFaults(value, before),
      ...addressFaults(value, before),
      ...healthFaults(value),
    ].map(({ at, code, ...words }) => documentProblem(document, ['tunnels', position, ...at], code, words));
  });
}

/** Devices that every namespace has, the uplink, and what the kernel's settings call all and every new device. */
const TAKEN = new Set(['lo', 'uplink', 'all', 'default']);

function nameFaults({ name }: TunnelText, before: readonly TunnelText[]): Fault[] {
  if (TAKEN.has(name))
    return [{ at: ['name'], code: 'policy.value', message: `"${name}" is taken`, cure: 'take another name' }];
  if (!before.some(other => other.name === name)) return [];
  return [
    {
      at: ['name'],
      code: 'policy.conflict',
      message: `another tunnel has the name "${name}"`,
      cure: 'give each tunnel a name of its own',
    },
  ];
}

function endFaults({ local, remote }: TunnelText): Fault[] {
  const faults = [['local', local] as const, ['remote', remote] as const].flatMap(([key, address]): Fault[] => {
    const what = unroutable(address);
    if (what === undefined || what === 'the loopback') return [];
    return [
      {
        at: [key],
        code: 'policy.value',
        message: `${printAddress(address)} is ${what}, and no end of a tunnel`,
        cure: 'write the address of one machine',
      },
    ];
  });
  if (local.family !== remote.family)
    faults.push({
      at: ['remote'],
      code: 'policy.value',
      message: `local is an IPv${local.family} address and remote an IPv${remote.family} one`,
      cure: 'let both be of one family: that of the outer header',
    });
  else if (local.value === remote.value)
    faults.push({
      at: ['remote'],
      code: 'policy.value',
      message: 'local and remote are one address',
      cure: 'let local be an address of the host, and remote that of the other end',
    });
  return faults;
}

function loopFaults({ remote }: TunnelText, routed: readonly Prefix[]): Fault[] {
  const around = routed.find(prefix => containsAddress(prefix, remote));
  if (around === undefined) return [];
  const [end, prefix] = [printAddress(remote), printPrefix(around)];
  return [
    {
      at: ['remote'],
      code: 'policy.conflict',
      message: `${end} lies in ${prefix}, which the host routes to the account: what leaves by the tunnel would come back into it`,
      cure: 'take the other end’s address out of the prefixes, or name another one',
    },
  ];
}

const GREATEST_VNI = 0xff_ffff;

function keyFaults({ kind, key, port }: TunnelText): Fault[] {
  const faults: Fault[] = [];
  if (kind === 'vxlan' && key === undefined)
    faults.push({
      at: ['key'],
      code: 'policy.missing',
      message: 'a vxlan has no key',
      cure: `add key: the VNI, 0 to ${GREATEST_VNI}`,
    });
  if (kind === 'vxlan' && key !== undefined && key > GREATEST_VNI)
    faults.push({
      at: ['key'],
      code: 'policy.value',
      message: `${key} is no VNI, which has 24 bits`,
      cure: `key: 0 to ${GREATEST_VNI}`,
    });
  if (kind === 'ipip' && key !== undefined)
    faults.push({ at: ['key'], code: 'policy.value', message: 'ipip has no key', cure: 'remove key, or take gre' });
  if (kind !== 'vxlan' && port !== undefined)
    faults.push({ at: ['port'], code: 'policy.value', message: `${kind} has no port`, cure: 'remove port' });
  return faults;
}

/** The kernel tells tunnels apart by these alone; of vxlan it does not look at the ends. */
function identity({ kind, local, remote, key, port }: TunnelText): string {
  const ends = kind === 'vxlan' ? `IPv${local.family}` : `${printAddress(local)} ${printAddress(remote)}`;
  return [kind, ends, key ?? 'no key', kind === 'vxlan' ? (port ?? 'usual') : ''].join(' ');
}

function twinFaults(tunnel: TunnelText, before: readonly TunnelText[]): Fault[] {
  const twin = before.find(other => identity(other) === identity(tunnel));
  if (twin === undefined) return [];
  const what = tunnel.kind === 'vxlan' ? 'VNI and port' : 'ends and key';
  return [
    {
      at: [],
      code: 'policy.conflict',
      message: `the tunnel "${twin.name}" has the same ${what}, and packets could not be told apart`,
      cure: tunnel.kind === 'ipip' ? 'take gre with different keys, or other ends' : 'give each a key of its own',
    },
  ];
}

/** RFC 8200 section 5. */
const LEAST_IPV6_MTU = 1280;

/** Why IPv6 cannot go through a tunnel; undefined where it can. */
export function refusesIpv6({ kind, local, mtu }: TunnelText): ProblemWords | undefined {
  if (kind === 'ipip' && local.family === 4)
    return { message: 'ipip over IPv4 carries IPv4 alone', cure: 'take gre, or ipip over IPv6' };
  if (mtu === undefined || mtu >= LEAST_IPV6_MTU) return undefined;
  return {
    message: `the tunnel's MTU of ${mtu} is too small for IPv6`,
    cure: `raise mtu to ${LEAST_IPV6_MTU} or more`,
  };
}

function addressFaults(tunnel: TunnelText, before: readonly TunnelText[]): Fault[] {
  const others = before.flatMap(({ addresses }) => addresses);
  return tunnel.addresses.flatMap(({ address }, index): Fault[] => {
    const at = ['addresses', index];
    const text = printAddress(address);
    const what = unroutable(address);
    if (what !== undefined && what !== 'link-local')
      return [{ at, code: 'policy.value', message: `${text} is ${what}`, cure: 'write an address of this end' }];
    const same = [...others, ...tunnel.addresses.slice(0, index)].some(
      other => other.address.family === address.family && other.address.value === address.value,
    );
    if (same)
      return [{ at, code: 'policy.conflict', message: `${text} stands twice`, cure: 'give each tunnel its own' }];
    const refusal = address.family === 6 ? refusesIpv6(tunnel) : undefined;
    return refusal === undefined ? [] : [{ at, code: 'policy.value', ...refusal }];
  });
}

function healthFaults({ health }: TunnelText): Fault[] {
  if (health?.type !== 'request' || health.target !== undefined) return [];
  return [
    {
      at: ['health', 'target'],
      code: 'policy.missing',
      message: 'a request has no target',
      cure: 'add target: an address that answers through the tunnel, or let type be reply',
    },
  ];
}
