// Routes against the tunnels that they name: there is one, it carries the family, and the gateway is at its other end.

import type { z } from 'zod';
import { nearestNames } from '../diagnostic/nearest';
import { type Address, printAddress } from '../net/address';
import { containsAddress, prefixAround, printPrefix, samePrefix } from '../net/prefix';
import { documentProblem, type ProblemWords } from './document-problem';
import type { routeSchema } from './network-schema';
import type { Placed } from './placed';
import type { PolicyDocument } from './policy-document';
import type { PolicyProblem, PolicyProblemCode } from './policy-problem';
import type { TunnelText } from './tunnel';
import { refusesIpv6 } from './tunnel-check';
import { unroutable } from './unroutable';

type RouteText = z.output<typeof routeSchema>;

interface Fault extends ProblemWords {
  readonly at: 'prefix' | 'tunnel' | 'gateway';
  readonly code: PolicyProblemCode;
}

/** `names`: of all tunnels, also of those whose other keys are not well formed. */
export function routeProblems(
  document: PolicyDocument,
  routes: readonly Placed<RouteText>[],
  tunnels: readonly Placed<TunnelText>[],
  names: readonly string[],
): PolicyProblem[] {
  const identities = new Set<string>();
  return routes.flatMap(({ position, value }) => {
    const isTwin = identities.has(identity(value));
    identities.add(identity(value));
    const tunnel = tunnels.find(({ value: { name } }) => name === value.tunnel)?.value;
    const faults = [
      ...(names.includes(value.tunnel) ? [] : [unknownTunnel(value, names)]),
      ...(isTwin ? [TWIN] : []),
      ...(tunnels.some(({ value: { addresses } }) => isConnected(value, addresses)) ? [CONNECTED] : []),
      ...(tunnel === undefined ? [] : [...familyFaults(value, tunnel), ...gatewayFaults(value, tunnel)]),
    ];
    return faults.map(({ at, code, ...words }) => documentProblem(document, ['routes', position, at], code, words));
  });
}

function identity({ prefix, tunnel, gateway, priority }: RouteText): string {
  return [printPrefix(prefix), tunnel, gateway === undefined ? '' : printAddress(gateway), priority].join(' ');
}

const TWIN: Fault = {
  at: 'prefix',
  code: 'policy.conflict',
  message: 'another route has the same prefix, tunnel, gateway and priority',
  cure: 'keep one of them; weight shares flows between tunnels',
};

/** Addresses of a tunnel's end say what is inside it. */
function isConnected({ prefix }: RouteText, addresses: TunnelText['addresses']): boolean {
  return addresses.some(({ address, prefixLength }) => samePrefix(prefixAround(address, prefixLength), prefix));
}

const CONNECTED: Fault = {
  at: 'prefix',
  code: 'policy.conflict',
  message: "this prefix is a tunnel's own, by the address of its end",
  cure: 'remove the route',
};

function unknownTunnel({ tunnel }: RouteText, names: readonly string[]): Fault {
  const [nearest] = nearestNames(tunnel, names);
  const there = names.length === 0 ? 'the document has none' : `there are: ${names.slice(0, 10).join(', ')}`;
  return {
    at: 'tunnel',
    code: 'policy.unknown-name',
    message: `there is no tunnel "${tunnel}"`,
    cure: nearest === undefined ? there : `did you mean "${nearest}"? ${there}`,
  };
}

function familyFaults({ prefix }: RouteText, tunnel: TunnelText): Fault[] {
  const refusal = prefix.network.family === 6 ? refusesIpv6(tunnel) : undefined;
  return refusal === undefined ? [] : [{ at: 'prefix', code: 'policy.value', ...refusal }];
}

function gatewayFaults({ prefix, gateway }: RouteText, tunnel: TunnelText): Fault[] {
  const { family } = prefix.network;
  if (gateway === undefined) {
    if (tunnel.kind !== 'vxlan') return [];
    const cure = "add gateway: the other end's address inside the tunnel";
    return [{ at: 'gateway', code: 'policy.missing', message: 'a route by a vxlan has no gateway', cure }];
  }
  const fault = (message: string, cure: string): Fault[] => [{ at: 'gateway', code: 'policy.value', message, cure }];
  const text = printAddress(gateway);
  if (gateway.family !== family)
    return fault(`${text} cannot be the gateway of an IPv${family} prefix`, `write an IPv${family} address`);
  if (tunnel.addresses.some(({ address }) => address.family === family && address.value === gateway.value))
    return fault(`${text} is this end of the tunnel`, "write the other end's address");
  if (isNear(gateway, tunnel)) return [];
  return fault(
    `${text} is not inside the tunnel "${tunnel.name}"`,
    'write an address that lies in the prefix of one of its addresses, or add such an address',
  );
}

function isNear(gateway: Address, { addresses }: TunnelText): boolean {
  if (gateway.family === 6 && unroutable(gateway) === 'link-local') return true;
  return addresses.some(({ address, prefixLength }) => containsAddress(prefixAround(address, prefixLength), gateway));
}
