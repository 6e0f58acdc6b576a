// Tables that are deleted and made anew behind a bridge: where a change of what is there is refused, with the counts kept, and
// with no packet passing in between that both policies drop.

import { spawnSync } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { apply } from '../../src/reconcile/apply';
import { BESIDE } from '../../src/reconcile/bridge';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { type Enforcement, enforce } from '../../src/reconcile/enforcement';
import { beginInstallation, closeInstallation } from '../../src/reconcile/installation';
import { replace } from '../../src/reconcile/replace';
import { connect, programUser } from '../../src/reconcile/target';
import { type ScratchNetwork, withScratchNetwork } from '../../src/replay/scratch-network';
import type { StageChoice } from '../../src/stage/stage';
import { planOf, type WrittenRule } from '../packet/rules';
import { TIME_FACTOR } from '../time-factor';
import { flood, sendTo } from './datagrams';
import { gauge, placeGauge } from './gauge';
import { TEST_CACHE } from './object-cache';
import { hasOwnedTables } from './owned-tables';

const NAME = `rampart-test-rebuild-${process.pid}`;
const target = { namespace: NAME };
const PORTS = Array.from({ length: 20 }, (_, each) => 7000 + each);
const RULES: readonly WrittenRule[] = PORTS.map((port, each) => block(`r${each}`, port));
const KINDS: readonly StageChoice[] = ['linear', 'verdict_map', 'classifier'];
const REBUILDS = 20;

test('a table that sleeps is woken', async () => {
  await inNetwork(async enforcement => {
    await apply(planOf(RULES), target, TEST_CACHE);
    await released();
    await putToSleep();
    await enforcement.apply(planOf(RULES));
    expect(await enforcement.verify()).toMatchObject({ none: true });
  });
});

test('a table that sleeps and has lost its base chain cannot be changed, but rebuilt', async () => {
  await inNetwork(async enforcement => {
    await apply(planOf(RULES), target, TEST_CACHE);
    await released();
    nft('flush chain ip rampart magic_transit');
    nft('delete chain ip rampart magic_transit');
    await putToSleep();
    await expect(enforcement.apply(planOf(RULES))).rejects.toMatchObject({ code: 'EINVAL' });
    await enforcement.rebuild(planOf(RULES));
    expect(await enforcement.verify()).toMatchObject({ none: true });
    expect(listing()).not.toContain('rampart_bridge');
  });
});

describe.each(KINDS)('in %s stages', stages => {
  test('counts stay, and the next change is made as ever', async () => {
    await inNetwork(async (enforcement, network) => {
      const plan = planOf(RULES, { stages });
      await enforcement.apply(plan);
      await sendTo(network, [7000, 7001, 7001]);
      expect(await counts(6n)).toEqual(['r0 2', 'r1 4']);
      await enforcement.rebuild(plan);
      expect(await counts(6n)).toEqual(['r0 2', 'r1 4']);
      await sendTo(network, [7001]);
      expect(await counts(8n)).toEqual(['r0 2', 'r1 6']);
      const next = planOf(RULES.with(3, block('r3', 9000)), { stages, keys: plan.keys });
      expect((await enforcement.apply(next)).way).toBe(stages === 'linear' ? 'full' : 'incremental');
      expect(await counts(8n)).toEqual(['r0 2', 'r1 6']);
      expect((await apply(next, target, TEST_CACHE)).difference.none).toBe(true);
    });
  });

  test(
    'under a flood no packet passes, and every one is counted once',
    async () => {
      await inNetwork(async (enforcement, network) => {
        const plans = [planOf(RULES, { stages }), planOf(RULES.toReversed(), { stages })] as const;
        placeGauge(NAME);
        const state = { isInForce: false, isDone: false };
        const rebuilding = async () => {
          try {
            for (let rebuilds = 0; rebuilds < REBUILDS; rebuilds++) {
              await enforcement.rebuild(plans[rebuilds % 2 === 0 ? 0 : 1]);
              state.isInForce = true;
            }
          } finally {
            state.isDone = true;
          }
        };
        await Promise.all([rebuilding(), flood(network, PORTS, state)]);
        const counted = (await readCounters(target)).rules.reduce((sum, { packets }) => sum + packets, 0n);
        const { arrived, passed } = gauge(NAME);
        process.stdout.write(`${REBUILDS} rebuilds, ${arrived} packets, not counted: ${arrived - counted}\n`);
        expect(passed).toBe(0n);
        expect(arrived).toBeGreaterThan(0n);
        expect(counted).toBe(arrived);
      });
    },
    120_000 * TIME_FACTOR,
  );

  test('what a killed rebuilding has left goes with the next apply, and its counts come along', async () => {
    await inNetwork(async (_, network) => {
      const plan = planOf(RULES, { stages });
      await apply(plan, target, TEST_CACHE);
      await sendTo(network, [7000]);
      expect(await counts(2n)).toEqual(['r0 2']);
      await leaveBridge(plan);
      await sendTo(network, [7000, 7001]);
      expect(await counts(6n)).toEqual(['r0 4', 'r1 2']);
      const { difference } = await apply(plan, target, TEST_CACHE);
      expect(difference.none).toBe(true);
      expect(listing()).not.toContain('rampart_bridge');
      expect(await counts(6n)).toEqual(['r0 4', 'r1 2']);
    });
  });
});

test('destroying takes along what a killed rebuilding has left', async () => {
  await inNetwork(async () => {
    await apply(planOf(RULES), target, TEST_CACHE);
    await leaveBridge(planOf(RULES));
    await destroy(target);
    expect(listing()).toBe('');
  });
});

test('a table of the bridge’s name that somebody else has made stays', async () => {
  await inNetwork(async enforcement => {
    nft('add table ip rampart_bridge');
    await enforcement.apply(planOf(RULES));
    await expect(enforcement.rebuild(planOf(RULES))).rejects.toMatchObject({ code: 'reconcile.foreign-table' });
    expect(await enforcement.verify()).toMatchObject({ none: true });
    expect(listing()).toContain('table ip rampart_bridge');
  });
});

async function inNetwork(use: (enforcement: Enforcement, network: ScratchNetwork) => Promise<void>): Promise<void> {
  await withScratchNetwork(NAME, async network => {
    const enforcement = enforce(target, TEST_CACHE);
    try {
      await use(enforcement, network);
    } finally {
      enforcement.close();
      await destroy(target);
    }
  });
}

/** As far as a rebuilding comes before it deletes anything. */
async function leaveBridge(plan: ReturnType<typeof planOf>): Promise<void> {
  const connection = connect(target);
  const beside = beginInstallation(plan, programUser(target), TEST_CACHE);
  await replace(connection, beside, BESIDE);
  closeInstallation(beside);
  connection.close();
}

/** By a socket that takes the table over, as nft cannot: it sends a table without its flags. */
async function putToSleep(): Promise<void> {
  const connection = connect(target);
  const table = { kind: 'table', family: 'ip', name: 'rampart' } as const;
  const flags = (await hasOwnedTables()) ? (['dormant', 'owner', 'persist'] as const) : (['dormant'] as const);
  await connection.commit(encodeBatch([{ operation: 'add', object: { ...table, flags } }]));
  connection.close();
  await released();
}

/** The kernel gives a table up a little after who made it has closed its socket. */
async function released(): Promise<void> {
  while (listing().includes('progname')) await setImmediate();
}

function block(ref: string, port: number): WrittenRule {
  return { ref, expression: `udp.dstport == ${port}`, action: 'block' };
}

async function counts(packets: bigint): Promise<string[]> {
  for (;;) {
    const { rules } = await readCounters(target);
    const sum = rules.reduce((sum, rule) => sum + rule.packets, 0n);
    if (sum >= packets) return rules.filter(rule => rule.packets > 0n).map(rule => `${rule.ref} ${rule.packets}`);
  }
}

function listing(): string {
  return nft('list ruleset');
}

function nft(command: string): string {
  return spawnSync('nsenter', [`--net=/run/netns/${NAME}`, 'nft', command], { encoding: 'utf8' }).stdout;
}
