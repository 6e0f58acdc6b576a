// One thing to be changed in the kernel, as plain data and in words. Links go by index where they are there, by name where
// they will be.

import { unreachable } from '../diagnostic/invariant';
import { printAddress } from '../net/address';
import { printPrefix } from '../net/prefix';
import type { FdbEntry } from '../netlink/route/fdb';
import type { SetLink } from '../netlink/route/link';
import { type NetworkChange, networkChange } from './network-change';
import type { Hop, LinkAddress, LinkNeighbour, PlannedRoute, Setting, TunnelPlan, UplinkPlan } from './plan';

/** In the account's namespace, or in the host's. */
export type Side = 'inside' | 'outside';

export type Step = LinkStep | LayerStep;

export type LinkStep =
  | { readonly kind: 'remove-link'; readonly side: Side; readonly name: string; readonly index: number }
  | { readonly kind: 'make-uplink'; readonly uplink: UplinkPlan }
  | { readonly kind: 'make-tunnel'; readonly tunnel: TunnelPlan }
  | {
      readonly kind: 'set-link';
      readonly side: Side;
      readonly name: string;
      readonly index: number;
      readonly change: Pick<SetLink, 'mtu' | 'address' | 'alias' | 'master' | 'arp' | 'protodown'>;
    };

/** What lies on links that are there. */
export type LayerStep = { readonly side: Side } & (
  | { readonly kind: 'write-setting'; readonly setting: Setting }
  | { readonly kind: 'bring-up'; readonly link: string }
  | { readonly kind: 'add-address' | 'remove-address'; readonly address: LinkAddress }
  | { readonly kind: 'set-neighbour'; readonly neighbour: LinkNeighbour }
  | { readonly kind: 'set-fdb-entry' | 'remove-fdb-entry'; readonly link: string; readonly entry: FdbEntry }
  | { readonly kind: 'add-route' | 'replace-route' | 'remove-route'; readonly route: PlannedRoute }
);

export function changeOf(steps: readonly Step[]): NetworkChange {
  const words = (kinds: readonly Step['kind'][]) => steps.filter(({ kind }) => kinds.includes(kind)).map(stepWords);
  return networkChange({
    added: words(['make-uplink', 'make-tunnel', 'add-address', 'add-route']),
    changed: words(['set-link', 'write-setting', 'bring-up', 'set-neighbour', 'set-fdb-entry', 'replace-route']),
    removed: words(['remove-link', 'remove-address', 'remove-fdb-entry', 'remove-route']),
  });
}

export function stepWords(step: Step): string {
  switch (step.kind) {
    case 'make-uplink':
      return `link ${step.uplink.account.name}, on the host ${step.uplink.host.name}`;
    case 'make-tunnel':
      return `tunnel ${step.tunnel.name} (${step.tunnel.tunnel.kind})`;
    case 'remove-link':
      return `link ${step.name}${placeWords(step.side)}`;
    case 'set-link':
      return `link ${step.name}${placeWords(step.side)}: ${settingWords(step.change)}`;
    case 'write-setting':
      return `setting ${step.setting.key}=${step.setting.value}${placeWords(step.side)}`;
    case 'bring-up':
      return `link ${step.link}${placeWords(step.side)}: up`;
    case 'add-address':
    case 'remove-address':
      return `address ${printAddress(step.address.address)}/${step.address.prefixLength} of ${step.address.link}`;
    case 'set-neighbour':
      return `neighbour ${printAddress(step.neighbour.address)} of ${step.neighbour.link}${placeWords(step.side)}`;
    case 'set-fdb-entry':
    case 'remove-fdb-entry':
      return `fdb entry ${step.entry.linkAddress} of ${step.link}: ${wayWords(step.entry)}${placeWords(step.side)}`;
    case 'add-route':
    case 'replace-route':
    case 'remove-route':
      return `${routeWords(step.route)}${placeWords(step.side)}`;
    default:
      return unreachable(step);
  }
}

/** Whether the step is of what lies on the link, in the account's namespace. */
export function isOnLink(step: LayerStep, link: string): boolean {
  if (step.side === 'outside') return false;
  switch (step.kind) {
    case 'write-setting':
      return step.setting.key.split('/').includes(link);
    case 'bring-up':
      return step.link === link;
    case 'add-address':
    case 'remove-address':
      return step.address.link === link;
    case 'set-neighbour':
      return step.neighbour.link === link;
    case 'set-fdb-entry':
    case 'remove-fdb-entry':
      return step.link === link;
    case 'add-route':
    case 'replace-route':
    case 'remove-route':
      return step.route.kind === 'unicast' && step.route.hops.some(hop => hop.link === link);
    default:
      return unreachable(step);
  }
}

/** As ip(8) has them. */
function settingWords({ master, ...change }: SetLink): string {
  const words = Object.entries(change).map(([key, value]) => {
    return `${key} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : value}`;
  });
  return [...words, ...(master === undefined ? [] : ['no master'])].join();
}

function wayWords({ remote, port, vni, nextHop }: FdbEntry): string {
  if (remote === undefined) return nextHop === undefined ? 'to nowhere' : `to next hop ${nextHop}`;
  const otherPort = port === undefined ? '' : ` port ${port}`;
  const otherVni = vni === undefined ? '' : ` vni ${vni}`;
  return `to ${printAddress(remote)}${otherPort}${otherVni}`;
}

export function routeWords(route: PlannedRoute): string {
  const ways = route.kind === 'unreachable' ? 'unreachable' : route.hops.map(hopWords).join(', ');
  return `route ${printPrefix(route.prefix)} ${ways} priority ${route.priority}`;
}

function hopWords({ link, gateway, weight }: Hop): string {
  const via = gateway === undefined ? '' : ` via ${printAddress(gateway)}`;
  return `by ${link}${via}${weight === 1 ? '' : ` weight ${weight}`}`;
}

/** Nothing of what is in the account's namespace. */
export function placeWords(side: Side): string {
  return side === 'outside' ? ' on the host' : '';
}
