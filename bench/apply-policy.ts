// A plan into an empty namespace by an open Enforcement, beside `nft -f` of the peer's ruleset: from the call to the
// kernel's acknowledgement, and from nft's start to its end. Besides, the same with the planning: from compiled expressions.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RulesetText } from '../src/compile';
import { readCounters } from '../src/reconcile/counters';
import { enforce } from '../src/reconcile/enforcement';
import type { StageChoice } from '../src/stage/stage';
import { compiledPlan, compiledRuleset } from './compiled';
import { interleave } from './interleave';
import { withNamespaces } from './namespace';
import { checkPolicy } from './packet/check-policy';
import type { Candidates } from './packet/deciding-rule';
import type { PacketTable } from './packet/ipv4-packet';
import { OBJECT_CACHE, withScratchDirectory } from './place';
import { runIn, timed } from './process';
import type { Measurement, Settings } from './row';

export interface ApplyOf {
  readonly text: RulesetText;
  readonly stages?: StageChoice;
  /** Replaces the table `ip peer`. */
  readonly peer: string;
  readonly label?: string;
  /** Of policies whose cost for packets no row measures and checks: what to hold them against the evaluator with. */
  readonly checked?: { readonly packets: PacketTable; readonly candidates: Candidates };
}

const EMPTY: RulesetText = { account: 'bench', lists: new Map(), rules: [] };
/** Before the first run, while JavaScript is compiled: the process is one that stays. */
const WARM_UP = 6;
/** For the kernel to take apart what was removed. */
const REST_MS = 100;

export async function measureApply(
  { text, stages, peer, label = '', checked }: ApplyOf,
  settings: Settings,
): Promise<Measurement> {
  return withScratchDirectory(async directory => {
    return await withNamespaces(['ours', 'theirs'], async (ours, theirs) => {
      const file = join(directory, 'peer.nft');
      writeFileSync(file, peer);
      const ruleset = compiledRuleset(text);
      const nothing = compiledPlan(compiledRuleset(EMPTY));
      const enforcement = enforce({ namespace: ours }, OBJECT_CACHE);
      try {
        const withPlanning: number[] = [];
        const applyOnce = async () => {
          await enforcement.apply(nothing);
          await setTimeout(REST_MS);
          collectGarbage();
          const start = performance.now();
          const plan = compiledPlan(ruleset, stages);
          const planned = performance.now();
          await enforcement.apply(plan);
          const acknowledged = performance.now();
          withPlanning.push(acknowledged - start);
          await expectRules(ours, text.rules.length);
          return acknowledged - planned;
        };
        for (let time = 0; time < WARM_UP; time++) await applyOnce();
        withPlanning.length = 0;
        const figures = await interleave(settings, 'ms', {
          ours: applyOnce,
          theirs: async () => {
            await runIn(theirs, 'nft', 'add table ip peer; delete table ip peer');
            await setTimeout(REST_MS);
            return timed(theirs, 'nft', '-f', file);
          },
        });
        const measured = {
          label,
          figures: { ...figures, 'ours with planning': { unit: 'ms', runs: withPlanning } },
        } as const;
        if (checked === undefined) return measured;
        await enforcement.apply(compiledPlan(ruleset, stages));
        const check = await checkPolicy({ namespace: ours, ruleset, directory, ...checked });
        return { ...measured, check, notes: check.examples };
      } finally {
        enforcement.close();
      }
    });
  });
}

/** What the bench itself has left, reading thousands of rules back, is not to be cleared away while the clock runs. */
function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('the bench is started with --expose-gc, see Makefile');
  // A major collection would throw compiled code away as well.
  globalThis.gc({ type: 'minor' });
}

/** The kernel has them all. */
async function expectRules(namespace: string, expected: number): Promise<void> {
  const { rules } = await readCounters({ namespace });
  if (rules.length !== expected) throw new Error(`${rules.length} rules are in force of ${expected}`);
}
