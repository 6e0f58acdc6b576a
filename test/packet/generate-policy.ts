// Random policies: mostly runs of rules that ask alike, as people write them and as maps and classifiers take them, over
// the addresses and ports of the random packets, so that keys collide and rules match; some of them anything.

import fc from 'fast-check';
import { expression } from './generate-expression';
import { ADDRESSES4, ADDRESSES6, PORTS } from './generate-packet';
import type { WrittenRule } from './rules';

const address = fc.constantFrom(...ADDRESSES4, ...ADDRESSES4, ...ADDRESSES6, '192.0.2.9', '2001:db8::9');
const port = fc.oneof(fc.constantFrom(...PORTS), fc.nat(65535));
const transport = fc.constantFrom('tcp', 'udp');
const side = fc.constantFrom('src', 'dst');
const prefix = fc.tuple(fc.constantFrom(...ADDRESSES4), fc.constantFrom(8, 16, 24, 31)).map(([text, bits]) => {
  const kept = text
    .split('.')
    .map((octet, index) => (8 * (index + 1) <= bits ? octet : bits === 31 && index === 3 ? Number(octet) & 254 : 0));
  return `${kept.join('.')}/${bits}`;
});

/** Each gives expressions that differ in values alone. */
const shapes: readonly fc.Arbitrary<string>[] = [
  fc.tuple(address, port).map(([a, p]) => `ip.src == ${a} and tcp.dstport == ${p}`),
  fc.tuple(address, transport, port).map(([a, t, p]) => `ip.dst == ${a} and ${t}.dstport == ${p}`),
  address.map(a => `ip.src == ${a}`),
  fc.tuple(address, address).map(([a, b]) => `ip.src == ${a} and ip.dst == ${b}`),
  fc.tuple(transport, port, port).map(([t, p, q]) => `${t}.srcport == ${p} and ${t}.dstport in {${q} ${p}}`),
  fc.nat(255).map(n => `ip.ttl == ${n} and ip.proto == "udp"`),
  fc
    .tuple(prefix, port, port)
    .map(([a, p, q]) => `ip.src in {${a}} and tcp.dstport in {${Math.min(p, q)}..${Math.max(p, q)}}`),
  fc.tuple(prefix, side, transport, port).map(([a, s, t, p]) => `ip.${s} in {${a}} and not ${t}.dstport == ${p}`),
  fc.tuple(fc.nat(255), port).map(([n, p]) => `ip.ttl < ${n} xor udp.srcport > ${p}`),
  fc.tuple(fc.nat(255), address).map(([n, a]) => `tcp.flags == ${n} and not ip.src == ${a}`),
  fc.tuple(fc.nat(255), fc.nat(255)).map(([type, code]) => `icmp.type == ${type % 16} or ip.ttl == ${code}`),
];

const action = fc.constantFrom<WrittenRule['action']>('block', 'block', 'block', 'skip', 'skip', 'skip', 'log');
const enabled = fc.integer({ min: 0, max: 11 }).map(n => n > 0);

/** Neighbours of one shape that decide, with a logging one among them now and then. */
const run: fc.Arbitrary<readonly WrittenRule[]> = fc
  .tuple(fc.constantFrom(...shapes), fc.constantFrom(1, 3, 12, 40, 120), fc.boolean())
  .chain(([shape, length, plain]) => {
    const decides = fc.constantFrom<WrittenRule['action']>('block', 'skip');
    const rule = plain
      ? fc.record({ expression: shape, action: decides, enabled: fc.constant(true) })
      : fc.record({ expression: shape, action, enabled });
    return fc.array(rule, { minLength: 1, maxLength: length, size: 'max' });
  });

/** Of anything there are few, for each may need a program that clang compiles. */
const anything: fc.Arbitrary<readonly WrittenRule[]> = fc.array(fc.record({ expression, action, enabled }), {
  minLength: 1,
  maxLength: 2,
});

const MOST_RULES = 500;

export const policy: fc.Arbitrary<readonly WrittenRule[]> = fc
  .array(fc.oneof({ weight: 5, arbitrary: run }, { weight: 1, arbitrary: anything }), {
    minLength: 1,
    maxLength: 10,
    size: 'max',
  })
  .map(runs => runs.flat().slice(0, MOST_RULES));
