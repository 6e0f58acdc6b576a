// Random packets: captured ones, ones built layer by layer with everything that a header may have, any of them damaged,
// and plain random bytes. An IPv4 header gets its checksum last, for the kernel discards the others before any hook.

import fc from 'fast-check';
import { type IpHeader, icmp, icmpv6, ipPacket, type Transport, tcp, udp } from '../../src/packet/build';
import { PACKETS_SEEN } from './observed';

export const ADDRESSES4 = [
  '10.0.0.1',
  '10.255.255.255',
  '192.168.1.1',
  '8.8.8.8',
  '224.0.0.5',
  '0.0.0.0',
  '255.255.255.255',
];
export const ADDRESSES6 = [
  '2001:db8::1',
  'fe80::1',
  'fc00::2',
  'ff02::5',
  '::',
  '::ffff:10.0.0.1',
  '2001:4860:4860::8888',
];
export const PORTS = [0, 1, 22, 53, 80, 123, 179, 443, 500, 1023, 1024, 5060, 8080, 40000, 65535];
const PROTOCOLS = [0, 1, 2, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 89, 132, 255];

const octet = fc.nat(255);
const octets = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.array(octet, { maxLength }).map(values => Uint8Array.from(values));
const port = fc.oneof(fc.constantFrom(...PORTS), fc.nat(65535));

/** Words that expressions ask for, pieces of what was captured, or anything. */
const payload: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .constantFrom('', 'a', 'GET / HTTP/1.1\r\n', 'SSH-2.0-OpenSSH_9.2\r\n', '\x00\x01\x00')
    .map(text => Buffer.from(text)),
  fc
    .tuple(fc.constantFrom(...PACKETS_SEEN), fc.nat(80), fc.nat(200))
    .map(([packet, from, length]) => packet.subarray(from, from + length)),
  octets(24),
);

/** Kinds 0 and 1, Maximum Segment Size right and wrong, others with any length; filled up to words of four bytes. */
const tcpOptions: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc.constantFrom([0], [1], [2, 4, 5, 0xb4], [2, 4, 0, 0], [2, 3, 9], [2, 0], [8, 10, 0, 0, 0, 1, 0, 0, 0, 2]),
      fc
        .tuple(octet, fc.nat(12))
        .map(([kind, length]) => [kind, length, ...Array<number>(Math.max(0, length - 2)).fill(2)]),
    ),
    { maxLength: 5 },
  )
  .map(options => options.flat().slice(0, 40))
  .map(bytes => Uint8Array.from([...bytes, ...Array<number>(-bytes.length & 3).fill(0)]));

const tcpSegment: fc.Arbitrary<Transport> = fc
  .record({ source: port, destination: port, flags: octet, options: tcpOptions, payload, lie: fc.option(fc.nat(15)) })
  .map(({ source, destination, flags, options, payload, lie }) => {
    const { bytes, ...rest } = tcp(source, destination, flags);
    const header = Buffer.from(bytes);
    header[12] = (lie ?? 5 + options.length / 4) << 4;
    return { ...rest, bytes: Buffer.concat([header, options, payload]) };
  });

const transport: fc.Arbitrary<Transport> = fc.oneof(
  { weight: 3, arbitrary: tcpSegment },
  { weight: 3, arbitrary: fc.tuple(port, port, payload).map(([from, to, body]) => udp(from, to, body)) },
  { weight: 1, arbitrary: fc.tuple(octet, octet).map(([type, code]) => icmp(type, code)) },
  { weight: 1, arbitrary: fc.tuple(octet, octet).map(([type, code]) => icmpv6(type, code)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.oneof(fc.constantFrom(...PROTOCOLS), octet), payload)
      .map(([protocol, bytes]) => ({ protocol, bytes })),
  },
);

const cutTransport = fc
  .tuple(transport, fc.option(fc.nat(24), { freq: 4 }))
  .map(([{ checksum, ...rest }, length]): Transport => {
    const bytes = length === null ? rest.bytes : rest.bytes.subarray(0, length);
    return checksum !== undefined && checksum.at + 2 <= bytes.length
      ? { ...rest, bytes, checksum }
      : { ...rest, bytes };
  });

/** Hop-by-hop, routing and destination headers of any length, fragment headers first and later, Authentication Headers. */
const extension = fc.oneof(
  fc.tuple(fc.constantFrom(0, 43, 60), fc.constantFrom(0, 0, 1, 2, 255)).map(([kind, units]) => ({
    kind,
    rest: Uint8Array.from([units, ...Array<number>(6 + 8 * Math.min(units, 2)).fill(1)]),
  })),
  fc
    .tuple(fc.constantFrom(0, 0, 1, 8, 0xfff8), fc.nat(7))
    .map(([offset, low]) => ({ kind: 44, rest: Uint8Array.from([0, offset >> 8, (offset & 0xf8) | low, 0, 0, 0, 7]) })),
  fc.constantFrom(4, 1, 255).map(words => ({ kind: 51, rest: Uint8Array.from([words, ...Array<number>(22).fill(3)]) })),
);

const version6: fc.Arbitrary<Uint8Array> = fc
  .record({
    addresses: fc.tuple(fc.constantFrom(...ADDRESSES6), fc.constantFrom(...ADDRESSES6)),
    ttl: octet,
    label: fc.oneof(fc.constant(0), fc.nat(0xfffffff)),
    extensions: fc.array(extension, { maxLength: 3 }),
    inner: cutTransport,
  })
  .map(({ addresses: [source, destination], ttl, label, extensions, inner }) => {
    const whole = extensions.reduceRight<Transport>(
      ({ protocol, bytes }, { kind, rest }) => ({
        protocol: kind,
        bytes: Buffer.concat([Buffer.from([protocol]), rest, bytes]),
      }),
      inner,
    );
    const packet = Buffer.from(ipPacket({ source, destination, ttl }, whole));
    packet.writeUInt32BE((6 << 28) | label, 0);
    return packet;
  });

const version4: fc.Arbitrary<Uint8Array> = fc
  .record({
    addresses: fc.tuple(fc.constantFrom(...ADDRESSES4), fc.constantFrom(...ADDRESSES4)),
    ttl: octet,
    service: octet,
    identification: fc.nat(65535),
    fragment: fc.oneof(fc.constantFrom(0, 0, 0x4000, 0x2000, 1, 185, 0x2001), fc.nat(65535)),
    options: fc.oneof(fc.constantFrom(0, 0, 1, 10), fc.nat(10)).chain(words => fc.tuple(octet, fc.constant(words))),
    inner: cutTransport,
  })
  .map(({ addresses, ttl, service, identification, fragment, options: [filling, words], inner }) => {
    const header: IpHeader = { source: addresses[0], destination: addresses[1], ttl, fragmentOffset: fragment };
    const plain = Buffer.from(ipPacket(header, inner));
    const packet = Buffer.concat([plain.subarray(0, 20), Buffer.alloc(4 * words, filling), plain.subarray(20)]);
    packet[0] = 0x45 + words;
    packet[1] = service;
    packet.writeUInt16BE(packet.length, 2);
    packet.writeUInt16BE(identification, 4);
    return packet;
  });

const built = fc.oneof(version4, version6);
const captured = fc.constantFrom(...PACKETS_SEEN);

/** Bytes set, mostly in the headers; a tail cut off; lengths that lie. */
const damaged: fc.Arbitrary<Uint8Array> = fc
  .record({
    packet: fc.oneof(captured, built),
    edits: fc.array(fc.tuple(fc.oneof(fc.nat(79), fc.nat(79), fc.nat(1500)), octet), { maxLength: 4 }),
    kept: fc.option(fc.nat(100), { freq: 3 }),
    padding: fc.constantFrom(0, 0, 0, 6),
  })
  .map(({ packet, edits, kept, padding }) => {
    const changed = Buffer.concat([
      packet.subarray(0, kept === null ? undefined : Math.max(20, kept)),
      Buffer.alloc(padding),
    ]);
    // The version stays: without it there is no packet.
    for (const [at, byte] of edits)
      if (at < changed.length) changed[at] = at === 0 ? ((changed[0] ?? 0) & 0xf0) | (byte & 15) : byte;
    return changed;
  });

const noise: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(0x45, 0x46, 0x4f, 0x60), octets(120))
  .map(([first, rest]) => Uint8Array.from([first, ...rest]));

export const packet: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    { weight: 4, arbitrary: captured },
    { weight: 6, arbitrary: built },
    { weight: 4, arbitrary: damaged },
    { weight: 1, arbitrary: noise },
  )
  .map(withHeaderChecksum);

/** RFC 791 section 3.1, over as much of the header as there is. */
function withHeaderChecksum(packet: Uint8Array): Uint8Array {
  const bytes = Buffer.from(packet);
  if (bytes.length < 20 || bytes.readUInt8(0) >> 4 !== 4) return bytes;
  bytes.writeUInt16BE(0, 10);
  let sum = 0;
  for (let at = 0; at < Math.min(bytes.length - 1, (bytes.readUInt8(0) & 15) * 4); at += 2)
    sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(~sum & 0xffff, 10);
  return bytes;
}
