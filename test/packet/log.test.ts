// What `log` and shadow rules report to NFLOG, in whatever way the kernel runs them: which rules, in which order, with the
// whole packet, and also of packets that a later rule drops.

import { encodeBatch } from '../../src/netlink/nftables/batch';
import { decodeRule, dumpRules } from '../../src/netlink/nftables/rule';
import { ipPacket, TCP_FLAG, tcp, udp } from '../../src/packet/build';
import { apply } from '../../src/reconcile/apply';
import { destroy } from '../../src/reconcile/destroy';
import { gaugeOperations, readGauge } from '../../src/replay/gauge';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { TEST_CACHE } from '../kernel/object-cache';
import { readLog } from './nflog';
import { planOf, type WrittenRule } from './rules';

const GROUP = 77;
const SOURCE = Buffer.from('020000000001', 'hex');
const NOBODY = Buffer.from('020000000002', 'hex');
const BOTH = { source: '198.51.100.1', destination: '203.0.113.1' };
const BOTH6 = { source: '2001:db8::1', destination: '2001:db8::2' };

const RULES: readonly WrittenRule[] = [
  { ref: 'syn', expression: 'tcp.flags.syn', action: 'log' },
  { ref: 'shadow', expression: 'tcp.dstport in {80 443}', action: 'block', enabled: false },
  { ref: 'ssh', expression: 'tcp.dstport == 22', action: 'block' },
  { ref: 'web', expression: 'tcp.dstport == 80', action: 'skip' },
  { ref: 'token', expression: 'udp.payload contains "xyzzy"', action: 'log' },
  { ref: 'udp', expression: 'ip.proto == "udp" and udp.dstport != 9', action: 'block' },
  { ref: 'rest', expression: 'true', action: 'log' },
];

const PACKETS = {
  'syn to 22': ipPacket(BOTH, tcp(1024, 22, TCP_FLAG.syn)),
  'syn to 80': ipPacket(BOTH, tcp(1024, 80, TCP_FLAG.syn)),
  'ack to 80': ipPacket(BOTH, tcp(1024, 80, TCP_FLAG.ack)),
  'ack to 443, IPv6': ipPacket(BOTH6, tcp(1024, 443, TCP_FLAG.ack)),
  'syn to 22, IPv6': ipPacket(BOTH6, tcp(1024, 22, TCP_FLAG.syn)),
  'token to 53': ipPacket(BOTH, udp(1024, 53, 'an xyzzy here')),
  'no token to 53': ipPacket(BOTH, udp(1024, 53, 'nothing here')),
  'token to 9': ipPacket(BOTH, udp(1024, 9, 'an xyzzy here')),
} as const;

type Name = keyof typeof PACKETS;

const LOGGED: readonly (readonly [Name, ref: string])[] = [
  ['syn to 22', 'syn'],
  ['syn to 80', 'syn'],
  ['syn to 80', 'shadow'],
  ['ack to 80', 'shadow'],
  ['ack to 443, IPv6', 'shadow'],
  ['ack to 443, IPv6', 'rest'],
  ['syn to 22, IPv6', 'syn'],
  ['token to 53', 'token'],
  ['token to 9', 'token'],
  ['token to 9', 'rest'],
];

test.each<StageChoice>(['linear', 'classifier'])(
  'rules that log report what they match, dropped or not: %s',
  async stages => {
    await withScratchNetwork(`rampart-test-log-${process.pid}`, async network => {
      const target = { namespace: network.namespace };
      await network.netfilter.commit(encodeBatch([...WITNESS, ...gaugeOperations(SOURCE, NOBODY)]));
      const log = await readLog(network.namespace, GROUP);
      try {
        await apply(planOf(RULES, { logGroup: GROUP, stages }), target, TEST_CACHE);
        for (const packet of Object.values(PACKETS)) await send(network, packet);
        await send(network, ipPacket(BOTH, { protocol: 253, bytes: Buffer.alloc(8) }));
        const logged = await log.until('end');
        expect(logged.map(({ prefix, packet }) => [nameOf(packet), prefix.replace(/^rampart /, '')])).toEqual(LOGGED);
        // Dropped are those to 22 and, but for port 9, all of UDP.
        expect(await passed(network)).toBe(4n);
      } finally {
        log.close();
        await destroy(target);
      }
    });
  },
);

const TABLE = { family: 'inet', table: 'witness' } as const;

/** Logs the last packet before anything else, so that what is read up to it is all there is. */
const WITNESS: Parameters<typeof encodeBatch>[0] = [
  { operation: 'create', object: { kind: 'table', family: 'inet', name: TABLE.table } },
  {
    operation: 'add',
    object: {
      kind: 'chain',
      ...TABLE,
      name: 'first',
      base: { type: 'filter', hook: 'prerouting', priority: -320, policy: 'accept' },
    },
  },
  {
    operation: 'add',
    object: {
      kind: 'rule',
      ...TABLE,
      chain: 'first',
      expressions: [
        { kind: 'meta', key: 'l4proto', destination: 1 },
        { kind: 'cmp', source: 1, operator: 'eq', value: Uint8Array.of(253) },
        { kind: 'log', group: GROUP, prefix: 'end' },
        { kind: 'verdict', verdict: { code: 'drop' } },
      ],
    },
  },
];

async function send({ wire, receiver }: ScratchNetwork, packet: Uint8Array): Promise<void> {
  const type = packet[0] !== undefined && packet[0] >> 4 === 6 ? '86dd' : '0800';
  await wire.send(Buffer.concat([receiver, SOURCE, Buffer.from(type, 'hex'), packet]));
}

async function passed({ netfilter }: ScratchNetwork): Promise<bigint> {
  return readGauge((await netfilter.dump(dumpRules('unspec'))).map(decodeRule)).passed;
}

function nameOf(packet: Uint8Array): string {
  const [name] = Object.entries(PACKETS).find(([, bytes]) => Buffer.compare(bytes, packet) === 0) ?? [];
  return name ?? Buffer.from(packet).toString('hex');
}
