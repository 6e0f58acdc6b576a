// What comes to a policy and what passes it, counted by nft beside it. Only frames from our own Ethernet address count: the
// kernel sends packets of IPv6 itself.

import { execFileSync } from 'node:child_process';
import { SOURCE } from './datagrams';

const TABLE = `table inet gauge {
  chain before {
    type filter hook prerouting priority -310;
    ether saddr ${SOURCE} counter comment "arrived"
  }
  chain behind {
    type filter hook prerouting priority -290;
    ether saddr ${SOURCE} counter drop comment "passed"
  }
}
`;

export function placeGauge(namespace: string): void {
  nft(namespace, ['-f', '-'], TABLE);
}

export function gauge(namespace: string): { readonly arrived: bigint; readonly passed: bigint } {
  const text = nft(namespace, ['list', 'table', 'inet', 'gauge']);
  const [arrived = -1n, passed = -1n] = [...text.matchAll(/packets (\d+)/g)].map(([, packets]) =>
    BigInt(packets ?? -1),
  );
  return { arrived, passed };
}

function nft(namespace: string, options: readonly string[], input = ''): string {
  const command = [`--net=/run/netns/${namespace}`, 'nft', ...options];
  return execFileSync('nsenter', command, { encoding: 'utf8', input });
}
