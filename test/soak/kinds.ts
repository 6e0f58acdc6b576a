// The accounts of the soak: each has a prefix of its own, a tunnel to the origin, and kinds of packets, told by their UDP
// port, which every version of it blocks or lets pass. Versions differ in how many rules there are besides, and of what sort.

import type { Random } from './random';

export const ACCOUNTS = Array.from({ length: 20 }, (_, number) => number);
export const HOST = '192.0.2.1';
export const ORIGIN = '192.0.2.2';

/** Blocked by every version of every account. */
export const BLOCKED_BY_ALL = 9999;
/** Let pass by every version of every account. */
export const PASSED_BY_ALL = 8000;
/** Behind ports of their own, as what blocks it is a program. */
export const TOKEN = { port: 8001, payload: 'evil-token' } as const;

export function nameOf(number: number): string {
  return `a${number}`;
}

/** Blocked by every version of this account, and by no other account. */
export function ownPort(number: number): number {
  return 9000 + number;
}

export function addressIn(number: number): string {
  return `10.20.${number}.5`;
}

/** The tunnel's device at the origin. */
export function originDevice(number: number): string {
  return `vx${number}`;
}

export function originAddress(number: number): string {
  return `10.255.${number}.1`;
}

/** Number of a VNI. */
export function keyOf(number: number): number {
  return 100 + number;
}

/** The first version; the soak ends with it. */
export function firstDocument(number: number): string {
  return documentOf(number, []);
}

const SORTS = ['map', 'ranges', 'mixed', 'programs'] as const;

/** Rules without order or meaning between those that all versions have: few, enough for a classifier, a map of many. */
export function randomDocument(number: number, random: Random): string {
  const count = random.oneOf([0, 1, 3, 10, 25, 60]);
  const sort = random.oneOf(SORTS);
  return documentOf(
    number,
    Array.from({ length: sort === 'programs' ? Math.min(count, 3) : count }, () => otherRule(sort, random)),
    random,
  );
}

function otherRule(sort: (typeof SORTS)[number], random: Random): string {
  const port = 20_000 + random.below(5_000);
  switch (sort) {
    case 'map':
      return `udp.dstport == ${port}`;
    case 'ranges':
      return `ip.src in {10.${random.below(200)}.0.0/16} and udp.dstport in {${port}..${port + 100}}`;
    case 'mixed':
      return random.oneOf([
        `tcp.dstport == ${port}`,
        `udp.srcport in {${port}..${port + 9}}`,
        `ip.ttl < ${random.below(8)}`,
      ]);
    case 'programs':
      return `udp.payload contains "other-${random.below(1000)}"`;
  }
}

function documentOf(number: number, others: readonly string[], random?: Random): string {
  const rules = [
    { ref: 'own', expression: `udp.dstport == ${ownPort(number)}` },
    { ref: 'all', expression: `udp.dstport == ${BLOCKED_BY_ALL}` },
    { ref: 'token', expression: `udp.dstport == ${TOKEN.port} and udp.payload contains "${TOKEN.payload}"` },
    ...others.map((expression, position) => ({ ref: `other-${position}`, expression })),
  ];
  // Neither order nor place matters to what they block.
  for (let last = rules.length - 1; random !== undefined && last > 0; last--) {
    const other = random.below(last + 1);
    [rules[last], rules[other]] = [rules[other], rules[last]] as [(typeof rules)[0], (typeof rules)[0]];
  }
  return JSON.stringify({
    account: nameOf(number),
    prefixes: [`10.20.${number}.0/24`],
    tunnels: [
      {
        name: 'fra1',
        kind: 'vxlan',
        local: HOST,
        remote: ORIGIN,
        key: keyOf(number),
        addresses: [`10.255.${number}.0/31`],
      },
    ],
    routes: [{ prefix: `10.20.${number}.0/24`, tunnel: 'fra1', gateway: originAddress(number) }],
    rules: rules.map(rule => ({ ...rule, action: 'block' })),
  });
}
