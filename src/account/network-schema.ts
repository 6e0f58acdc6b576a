// The shape of a document's network parts: namespace, prefixes, tunnels, routes. What spans several of their keys is in
// network-check.ts.

import { z } from 'zod';
import type { Address } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { TunnelAddress } from './account';
import { isFault, readAddress, readAddressInPrefix, readPrefix, type TextFault } from './prefix-text';

/** Of route priorities: above it there must be room for what the states of tunnels add, and for routes of last resort. */
export const HIGHEST_PRIORITY = 1_000_000_000;

const address = z.string().transform((text, context): Address => orIssue(readAddress(text), context));
const prefix = z.string().transform((text, context): Prefix => orIssue(readPrefix(text), context));
const tunnelAddress = z
  .string()
  .transform((text, context): TunnelAddress => orIssue(readAddressInPrefix(text, TUNNEL_ADDRESS_CURE), context));
const TUNNEL_ADDRESS_CURE = 'write this end with its prefix length, like 10.255.0.0/31 or fd00::1/64';

const namespace = z.union([
  z.enum(['own', 'host']),
  z.strictObject({ existing: z.string().regex(/^(?!\.{1,2}$)[^/\0]{1,255}$/) }),
]);

const health = z.strictObject({
  rate: z.enum(['low', 'mid', 'high']).default('mid'),
  type: z.enum(['reply', 'request']).default('reply'),
  target: address.optional(),
  direction: z.enum(['unidirectional', 'bidirectional']).default('unidirectional'),
});

export const tunnelSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9_-]{1,15}$/),
  kind: z.enum(['gre', 'ipip', 'vxlan']),
  local: address,
  remote: address,
  key: whole(0, 0xffff_ffff).optional(),
  port: whole(1, 0xffff).optional(),
  ttl: whole(1, 255).default(64),
  mtu: whole(576, 65_000).optional(),
  addresses: z.array(tunnelAddress).default([]),
  health: health.optional(),
});

export const routeSchema = z.strictObject({
  prefix,
  tunnel: z.string(),
  gateway: address.optional(),
  priority: whole(1, HIGHEST_PRIORITY).default(100),
  weight: whole(1, 256).default(1),
});

export const prefixSchema = prefix;

export const networkShape = {
  namespace: namespace.default('own'),
  prefixes: z.array(prefix).default([]),
  tunnels: z.array(tunnelSchema).default([]),
  routes: z.array(routeSchema).default([]),
  return: z.enum(['direct', 'tunnel']).default('direct'),
  mss: z.union([z.enum(['auto', 'off']), whole(536, 65_495)]).default('auto'),
};

export const NETWORK_CURES: Readonly<Record<string, string>> = {
  '/namespace': 'namespace: own, host, or {existing: NAME}',
  '/namespace/existing': 'existing: the name of a network namespace, as `ip netns` has it',
  '/prefixes': 'prefixes: [PREFIX, …]',
  '/prefixes/*': 'write a prefix in quotes',
  '/tunnels': 'tunnels: [{name: …, kind: …, local: …, remote: …}, …]',
  '/tunnels/*': 'a tunnel is a mapping with name, kind, local and remote',
  '/tunnels/*/name': 'name: 1 to 15 of a-z, 0-9, _ and -',
  '/tunnels/*/kind': 'kind: gre, ipip or vxlan',
  '/tunnels/*/local': 'local: an address of the host',
  '/tunnels/*/remote': 'remote: the address of the other end',
  '/tunnels/*/key': 'key: a whole number; the VNI of a vxlan',
  '/tunnels/*/port': 'port: the UDP port of a vxlan, 1 to 65535',
  '/tunnels/*/ttl': 'ttl: 1 to 255',
  '/tunnels/*/mtu': 'mtu: 576 to 65000 bytes',
  '/tunnels/*/addresses': 'addresses: [ADDRESS/LENGTH, …]',
  '/tunnels/*/addresses/*': TUNNEL_ADDRESS_CURE,
  '/tunnels/*/health': 'health: {rate: mid, type: request, target: ADDRESS, direction: bidirectional}',
  '/tunnels/*/health/rate': 'rate: low, mid or high',
  '/tunnels/*/health/type': 'type: reply or request',
  '/tunnels/*/health/target': 'target: an address that answers through the tunnel',
  '/tunnels/*/health/direction': 'direction: unidirectional or bidirectional',
  '/routes': 'routes: [{prefix: …, tunnel: …}, …]',
  '/routes/*': 'a route is a mapping with prefix and tunnel',
  '/routes/*/prefix': 'prefix: what goes by this route',
  '/routes/*/tunnel': 'tunnel: the name of a tunnel',
  '/routes/*/gateway': "gateway: the other end's address inside the tunnel",
  '/routes/*/priority': `priority: 1 to ${HIGHEST_PRIORITY}, the lowest wins`,
  '/routes/*/weight': 'weight: 1 to 256',
  '/return': 'return: direct or tunnel',
  '/mss': 'mss: auto, off, or 536 to 65495 bytes',
};

export const NETWORK_KEYS: Readonly<Record<string, readonly string[]>> = {
  '/namespace': ['existing'],
  '/tunnels/*': Object.keys(tunnelSchema.shape),
  '/tunnels/*/health': Object.keys(health.shape),
  '/routes/*': Object.keys(routeSchema.shape),
};

/** The document's numbers are text, for account ids of nothing but digits are. */
function whole(from: number, to: number) {
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,9})$/)
    .transform(Number)
    .refine(value => from <= value && value <= to, {
      error: ({ input }) => `${String(input)} is not one of ${from} to ${to}`,
      params: { code: 'policy.value' },
    });
}

function orIssue<T extends object>(read: T | TextFault, context: z.RefinementCtx): T {
  if (!isFault(read)) return read;
  context.addIssue({ code: 'custom', message: read.message, params: { code: 'policy.value', cure: read.cure } });
  return z.NEVER;
}
