// Host, account and origin: the host and the origin joined by a veth pair, the account and the origin by VXLAN over it,
// IPv4 and IPv6 inside and outside. The tunnel's device was made in the host and moved, so its packets leave by the host.
//
//   account ── fra1: 10.255.0.0/31, fd00:255::/127 ── origin         inside; the origin's network is 203.0.113.0/24
//   host    ── 192.0.2.1, 2001:db8::1 ── 192.0.2.2, 2001:db8::2 ── origin

import { execFileSync } from 'node:child_process';
import { createNamespace, deleteNamespace } from '../../src/netns/namespace';

export interface HealthNetwork {
  readonly host: string;
  readonly account: string;
  readonly origin: string;
  remove(): void;
}

export function makeHealthNetwork(purpose: string): HealthNetwork {
  const [host, account, origin] = ['host', 'account', 'origin'].map(
    role => `rampart-test-${purpose}-${role}-${process.pid}`,
  ) as [string, string, string];
  for (const name of [host, account, origin]) {
    createNamespace(name);
    ip(name, 'link set lo up');
    for (const key of ['ip_forward=1', 'conf.all.rp_filter=0', 'conf.default.rp_filter=0'])
      inside(name, 'sysctl', '-qw', `net.ipv4.${key}`);
    inside(name, 'sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1');
  }
  ip(host, `link add wire type veth peer name wire netns ${origin}`);
  address(host, 'wire', '192.0.2.1/24', '2001:db8::1/64');
  address(origin, 'wire', '192.0.2.2/24', '2001:db8::2/64');
  for (const name of [host, origin]) ip(name, 'link set wire up');
  addTunnel({ host, account, origin }, 'fra1', 42);
  // What comes over the Internet to the host from the origin's network.
  ip(host, 'route add 203.0.113.0/24 via 192.0.2.2');
  return {
    host,
    account,
    origin,
    remove() {
      for (const name of [account, host, origin]) deleteNamespace(name);
    },
  };
}

/** Both ends, up and with addresses; the origin's end is always there already after the first time. */
export function addTunnel({ host, account, origin }: Omit<HealthNetwork, 'remove'>, name: string, vni: number): void {
  if (!hasLink(origin, name)) {
    ip(origin, `link add ${name} type vxlan id ${vni} dstport 4789 local 192.0.2.2 remote 192.0.2.1`);
    address(origin, name, '10.255.0.1/31', 'fd00:255::1/127');
    ip(origin, `link set ${name} up`);
  }
  ip(host, `link add ${name} type vxlan id ${vni} dstport 4789 local 192.0.2.1 remote 192.0.2.2`);
  ip(host, `link set ${name} netns ${account}`);
  address(account, name, '10.255.0.0/31', 'fd00:255::/127');
  ip(account, `link set ${name} up`);
}

/** What a failed command says is in the error; `ip` also complains of namespaces of others that go while it lists. */
const QUIET = { encoding: 'utf8', stdio: 'pipe' } as const;

export function ip(namespace: string, command: string): string {
  return execFileSync('ip', ['-n', namespace, ...command.split(' ')], QUIET);
}

export function inside(namespace: string, ...command: readonly string[]): string {
  return execFileSync('nsenter', [`--net=/run/netns/${namespace}`, ...command], QUIET);
}

/** Without duplicate address detection, so that they can be used at once. */
function address(namespace: string, device: string, ipv4: string, ipv6: string): void {
  ip(namespace, `address add ${ipv4} dev ${device}`);
  ip(namespace, `address add ${ipv6} dev ${device} nodad`);
}

function hasLink(namespace: string, name: string): boolean {
  return ip(namespace, '-o link').includes(` ${name}: `);
}
