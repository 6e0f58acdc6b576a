// Where the accounts' tunnels end: a namespace behind the host that counts what arrives, by tunnel and port. Nobody flushes it.

import type { Machine } from '../kernel/machine';
import { ACCOUNTS, HOST, keyOf, ORIGIN, originAddress, originDevice } from './kinds';

const NAMESPACE = 'origin';

export function makeOrigin(machine: Machine): void {
  const inOrigin = `nsenter --net=/run/netns/${NAMESPACE}`;
  const tunnels = ACCOUNTS.map(number => {
    const device = originDevice(number);
    return [
      `ip -n ${NAMESPACE} link add ${device} type vxlan id ${keyOf(number)} remote ${HOST} local ${ORIGIN} dstport 4789`,
      `ip -n ${NAMESPACE} address add ${originAddress(number)}/31 dev ${device}`,
      `ip -n ${NAMESPACE} link set ${device} up`,
    ].join('\n');
  });
  const script = [
    'set -e',
    `ip netns add ${NAMESPACE}`,
    `ip link add wan type veth peer name wan netns ${NAMESPACE}`,
    `ip address add ${HOST}/24 dev wan; ip link set wan up`,
    `ip -n ${NAMESPACE} address add ${ORIGIN}/24 dev wan; ip -n ${NAMESPACE} link set wan up`,
    ...tunnels,
    `${inOrigin} nft -f - <<END`,
    'table ip seen {',
    '  set seen { type ifname . inet_service; flags dynamic; counter; size 65535; }',
    '  chain seen {',
    '    type filter hook prerouting priority 0; policy accept;',
    '    iifname "vx*" udp dport != 4789 update @seen { iifname . udp dport } counter drop',
    '  }',
    '}',
    'END',
  ].join('\n');
  machine.output('sh', '-c', script);
}

/** Packets that have arrived, by tunnel's device and port: 'vx3 8000'. */
export function arrived(machine: Machine): ReadonlyMap<string, number> {
  const command = ['nsenter', `--net=/run/netns/${NAMESPACE}`, 'nft', '-j', 'list', 'set', 'ip', 'seen', 'seen'];
  const listed: Listed = JSON.parse(machine.output(...command));
  const elements = listed.nftables.flatMap(({ set }) => set?.elem ?? []);
  return new Map(elements.map(({ elem: { val, counter } }) => [val.concat.join(' '), counter.packets]));
}

interface Listed {
  readonly nftables: readonly {
    readonly set?: {
      readonly elem?: readonly {
        readonly elem: {
          readonly val: { readonly concat: readonly (string | number)[] };
          readonly counter: { readonly packets: number };
        };
      }[];
    };
  }[];
}
