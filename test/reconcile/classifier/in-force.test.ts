// A policy whose rules stand in classifiers, through the whole of it: put into force, judged by, counted, changed, taken
// out of force; in one process and in several.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unpin } from '../../../src/ebpf/bpffs';
import { encodeBatch } from '../../../src/netlink/nftables/batch';
import { decodeRule, dumpRules } from '../../../src/netlink/nftables/rule';
import { ipPacket, TCP_FLAG, tcp, udp } from '../../../src/packet/build';
import { apply } from '../../../src/reconcile/apply';
import { listInstances } from '../../../src/reconcile/classifier/release';
import { readCounters, readKeys } from '../../../src/reconcile/counters';
import { destroy } from '../../../src/reconcile/destroy';
import { programUser } from '../../../src/reconcile/target';
import { gaugeOperations, readGauge } from '../../../src/replay/gauge';
import { type ScratchNetwork, withScratchNetwork } from '../../../src/replay/scratch-network';
import { TEST_CACHE } from '../../kernel/object-cache';
import { planOf, type WrittenRule } from '../../packet/rules';

const NAME = `rampart-test-in-force-${process.pid}`;
const TARGET = { namespace: NAME };
const USER = programUser(TARGET);
const SOURCE = Buffer.from('020000000001', 'hex');
const FENCE = Buffer.from('020000000002', 'hex');
const BOTH = { source: '198.51.100.1', destination: '203.0.113.1' };
const BOTH6 = { source: '2001:db8::1', destination: '2001:db8::2' };

const RULES: readonly WrittenRule[] = [
  { ref: 'syn', expression: 'tcp.flags.syn', action: 'log' },
  { ref: 'ssh', expression: 'tcp.dstport == 22', action: 'block' },
  { ref: 'web', expression: 'tcp.dstport in {80 443}', action: 'skip' },
  { ref: 'shadow', expression: 'tcp.dstport < 1024', action: 'block', enabled: false },
  { ref: 'low', expression: 'tcp.dstport < 1024', action: 'block' },
  { ref: 'dns', expression: 'udp.dstport == 53', action: 'block' },
];

const TO = {
  ssh: ipPacket(BOTH, tcp(1024, 22, TCP_FLAG.ack)),
  ssh6: ipPacket(BOTH6, tcp(1024, 22, TCP_FLAG.syn)),
  web: ipPacket(BOTH, tcp(1024, 80, TCP_FLAG.syn)),
  telnet: ipPacket(BOTH, tcp(1024, 23, TCP_FLAG.ack)),
  dns: ipPacket(BOTH, udp(1024, 53, 'a query')),
};

test('rules are counted with packets and bytes, in both families', async () => {
  await withNetwork(async network => {
    await withPolicy(RULES, async () => {
      for (const packet of [TO.ssh, TO.ssh6, TO.web, TO.web, TO.telnet, TO.dns]) await send(network, packet);
      expect(await counts(network)).toEqual([
        'syn 3 packets 140 bytes ip ip6',
        'ssh 2 packets 100 bytes ip ip6',
        'web 2 packets 80 bytes ip ip6',
        'shadow 1 packets 40 bytes ip ip6',
        'low 1 packets 40 bytes ip ip6',
        'dns 1 packets 35 bytes ip ip6',
      ]);
      const { programs } = await readCounters(TARGET);
      const planned = planOf(RULES, { stages: 'classifier' }).classifiers;
      expect(programs).toEqual([planned.ip?.program.name, planned.ip6?.program.name].sort());
    });
  });
});

test('the same policy again changes nothing, also for a process that has never seen it', async () => {
  await withNetwork(async () => {
    await withPolicy(RULES, async () => {
      const pins = pinsLeft();
      expect((await apply(await nextPlan(RULES), TARGET, TEST_CACHE)).difference.none).toBe(true);
      expect(pinsLeft()).toEqual(pins);
      expect(inAnotherProcess(RULES)).toMatchObject({ none: true });
      expect(pinsLeft()).toEqual(pins);
    });
  });
});

describe('the next version', () => {
  const changed = RULES.map(rule => (rule.ref === 'low' ? { ...rule, expression: 'tcp.dstport < 1000' } : rule));
  const inserted = [RULES[0], { ref: 'new', expression: 'ip.ttl == 1', action: 'block' }, ...RULES.slice(1)];
  const cases: readonly [string, readonly WrittenRule[], readonly string[], object][] = [
    [
      'one rule changed',
      changed,
      ['syn 2', 'ssh 2', 'web 1', 'shadow 1', 'low 0', 'dns 1'],
      { changed: ['low'], unchanged: ['syn', 'ssh', 'web', 'shadow', 'dns'] },
    ],
    [
      'a rule put in between',
      inserted as readonly WrittenRule[],
      ['syn 2', 'new 0', 'ssh 2', 'web 1', 'shadow 1', 'low 1', 'dns 1'],
      { added: ['new'], unchanged: ['syn', 'ssh', 'web', 'shadow', 'low', 'dns'] },
    ],
    [
      'a rule gone',
      RULES.filter(({ ref }) => ref !== 'web'),
      ['syn 2', 'ssh 2', 'shadow 1', 'low 1', 'dns 1'],
      { removed: ['web'], unchanged: ['syn', 'ssh', 'shadow', 'low', 'dns'] },
    ],
    [
      'the last rule first',
      [...RULES.slice(-1), ...RULES.slice(0, -1)],
      ['dns 1', 'syn 2', 'ssh 2', 'web 1', 'shadow 1', 'low 1'],
      { moved: ['dns'], unchanged: ['syn', 'ssh', 'web', 'shadow', 'low'] },
    ],
    [
      'a logging rule more',
      [...RULES, { ref: 'rest', expression: 'true', action: 'log' }],
      ['syn 2', 'ssh 2', 'web 1', 'shadow 1', 'low 1', 'dns 1', 'rest 0'],
      { added: ['rest'], unchanged: ['syn', 'ssh', 'web', 'shadow', 'low', 'dns'] },
    ],
  ];

  test.each(cases)('%s: the others keep their counts', async (_, rules, expected, difference) => {
    await withNetwork(async network => {
      await withPolicy(RULES, async () => {
        for (const packet of [TO.ssh, TO.ssh6, TO.web, TO.telnet, TO.dns]) await send(network, packet);
        const applied = await apply(await nextPlan(rules), TARGET, TEST_CACHE);
        expect(applied.difference).toMatchObject(difference);
        expect(await packets(network)).toEqual(expected);
        expect(listInstances(USER).length).toBe(2);
      });
    });
  });

  test('of another process: the others keep their counts', async () => {
    await withNetwork(async network => {
      await withPolicy(RULES, async () => {
        for (const packet of [TO.ssh, TO.ssh6, TO.web, TO.telnet, TO.dns]) await send(network, packet);
        await settled(network);
        expect(inAnotherProcess(changed)).toMatchObject({ changed: ['low'] });
        await send(network, TO.ssh);
        expect(await packets(network)).toEqual(['syn 2', 'ssh 3', 'web 1', 'shadow 1', 'low 0', 'dns 1']);
        expect(listInstances(USER).length).toBe(2);
      });
    });
  });

  test('without classifiers: their pins go', async () => {
    await withNetwork(async () => {
      await withPolicy(RULES, async () => {
        await apply(planOf(RULES, { stages: 'linear' }), TARGET, TEST_CACHE);
        expect(pinsLeft()).toEqual([]);
        await apply(planOf(RULES, { stages: 'classifier' }), TARGET, TEST_CACHE);
        expect(listInstances(USER).length).toBe(2);
      });
    });
  });
});

test('what a killed process has left goes with the next apply, and all of it with destroy', async () => {
  await withNetwork(async () => {
    await withPolicy(RULES, async () => {
      const [first] = listInstances(USER);
      spawnSync('sh', ['-c', `mkdir ${first}0 && ln ${first}/rules ${first}0/rules`]);
      expect(listInstances(USER).length).toBe(3);
      await apply(await nextPlan([...RULES].reverse()), TARGET, TEST_CACHE);
      expect(listInstances(USER).length).toBe(2);
    });
    expect(pinsLeft()).toEqual([]);
  });
});

test('without its pins the policy filters on, its counters cannot be read, and apply makes it anew', async () => {
  await withNetwork(async network => {
    await withPolicy(RULES, async () => {
      for (const path of pinsLeft()) unpin(path);
      await expect(readCounters(TARGET)).rejects.toMatchObject({ code: 'reconcile.missing-instance' });
      await send(network, TO.ssh);
      await apply(await nextPlan(RULES), TARGET, TEST_CACHE);
      await send(network, TO.ssh);
      expect((await packets(network))[1]).toBe('ssh 1');
    });
  });
});

test('two processes that apply at once leave the policy of one of them, whole', async () => {
  await withNetwork(async () => {
    const other = [...RULES].reverse();
    const outcomes = await Promise.all(
      [RULES, other, RULES, other].map(rules => apply(planOf(rules, { stages: 'classifier' }), TARGET, TEST_CACHE)),
    );
    try {
      expect(outcomes.length).toBe(4);
      const refs = (await readCounters(TARGET)).rules.map(({ ref }) => ref);
      expect([RULES, other].map(rules => rules.map(({ ref }) => ref))).toContainEqual(refs);
      expect(listInstances(USER).length).toBe(2);
    } finally {
      await destroy(TARGET);
    }
    expect(pinsLeft()).toEqual([]);
  });
});

async function withNetwork(use: (network: ScratchNetwork) => Promise<void>): Promise<void> {
  await withScratchNetwork(NAME, async network => {
    await network.netfilter.commit(encodeBatch(gaugeOperations(SOURCE, FENCE)));
    await use(network);
  });
}

async function withPolicy(rules: readonly WrittenRule[], use: () => Promise<void>): Promise<void> {
  await apply(planOf(rules, { stages: 'classifier' }), TARGET, TEST_CACHE);
  try {
    await use();
  } finally {
    await destroy(TARGET);
  }
}

async function nextPlan(rules: readonly WrittenRule[]) {
  return planOf(rules, { stages: 'classifier', keys: await readKeys(TARGET) });
}

function inAnotherProcess(rules: readonly WrittenRule[]): unknown {
  const text = { rules: rules.map((rule, position) => ({ index: position + 1, enabled: true, ...rule })) };
  const script = join(__dirname, 'apply-classifier.js');
  const { stdout, stderr } = spawnSync(process.execPath, [script, NAME, TEST_CACHE.directory, JSON.stringify(text)], {
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

async function send({ wire, receiver }: ScratchNetwork, packet: Uint8Array, source = SOURCE): Promise<void> {
  const type = Buffer.from(packet[0] !== undefined && packet[0] >> 4 === 6 ? '86dd' : '0800', 'hex');
  await wire.send(Buffer.concat([receiver, source, type, packet]));
}

/** A fence that has been counted proves the packets before it to be judged. */
async function settled(network: ScratchNetwork): Promise<void> {
  const fences = async () => readGauge((await network.netfilter.dump(dumpRules('unspec'))).map(decodeRule)).fences;
  const before = await fences();
  await send(network, ipPacket(BOTH, { protocol: 253, bytes: Buffer.alloc(8) }), FENCE);
  while ((await fences()) === before);
}

async function counts(network: ScratchNetwork): Promise<string[]> {
  await settled(network);
  const { rules } = await readCounters(TARGET);
  return rules.map(({ ref, packets, bytes, families }) => {
    return `${ref} ${packets} packets ${bytes} bytes ${families.join(' ')}`;
  });
}

async function packets(network: ScratchNetwork): Promise<string[]> {
  return (await counts(network)).map(text => text.replace(/ packets .*/, ''));
}

function pinsLeft(): string[] {
  return listInstances(USER).flatMap(directory => readdirSync(directory).map(name => join(directory, name)));
}
