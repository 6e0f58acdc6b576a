// One rule of a policy in force changed by an open Enforcement, beside a peer that changes one of its own: from the call,
// compilation of the new text included, to the kernel's acknowledgement.

import type { RulesetText, RuleText } from '../src/compile';
import { type Enforcement, enforce } from '../src/reconcile/enforcement';
import { compiledPlan, compiledRule, compiledRuleset } from './compiled';
import { duration, interleave } from './interleave';
import { withNamespaces } from './namespace';
import { OBJECT_CACHE } from './place';
import type { Measurement, Series, Settings } from './row';

export interface ChangeOf {
  readonly text: RulesetText;
  /** A rule for the place of another, never the same twice; counted from 0 over all runs. */
  readonly change: (count: number) => { readonly position: number; readonly rule: RuleText };
  /** How many in a run of ours. */
  readonly changes: number;
  /** Prepares the peer in its namespace; what it gives measures one run, in microseconds a change. */
  readonly peer: (namespace: string) => Promise<Peer>;
  readonly label?: string;
}

export interface Peer {
  readonly run: () => Promise<number>;
  /** The same where each change waits for the answer to the one before, if that is not what `run` does. */
  readonly awaited?: () => Promise<number>;
  readonly close: () => void;
}

/** Changes before the first run: the compiler of JavaScript is at work. */
const WARM_UP = 200;

export function measureChange(of: ChangeOf, settings: Settings): Promise<Measurement> {
  return withNamespaces(['ours', 'theirs'], async (ours, theirs) => {
    const enforcement = enforce({ namespace: ours }, OBJECT_CACHE);
    await enforcement.apply(compiledPlan(compiledRuleset(of.text)));
    const peer = await of.peer(theirs);
    try {
      let count = 0;
      const compiling: number[] = [];
      const change = async (changes: number) => {
        const times = await changeRules(enforcement, of, count, changes);
        count += changes;
        return times;
      };
      await change(Math.min(WARM_UP, of.changes));
      const figures = await interleave(settings, 'us', {
        ours: async () => {
          const { whole, compilation } = await change(of.changes);
          compiling.push(compilation);
          return whole;
        },
        theirs: peer.run,
      });
      const withoutText: Series = {
        unit: 'us',
        runs: figures.ours.runs.map((whole, run) => whole - (compiling[run] as number)),
      };
      const oneByOne = peer.awaited === undefined ? {} : { 'theirs one by one': await series(settings, peer.awaited) };
      return { label: of.label ?? '', figures: { ...figures, 'ours without the text': withoutText, ...oneByOne } };
    } finally {
      peer.close();
      enforcement.close();
    }
  });
}

async function series({ runs }: Settings, measure: () => Promise<number>): Promise<Series> {
  const values: number[] = [];
  for (let run = 0; run < runs; run++) values.push(await measure());
  return { unit: 'us', runs: values };
}

/** Microseconds a change, and those of them that its text took. */
async function changeRules(
  enforcement: Enforcement,
  of: ChangeOf,
  first: number,
  changes: number,
): Promise<{ readonly whole: number; readonly compilation: number }> {
  let compilation = 0;
  const whole = await duration(async () => {
    for (let count = first; count < first + changes; count++) {
      const { position, rule } = of.change(count);
      const start = process.hrtime.bigint();
      const replacement = compiledRule(rule);
      compilation += Number(process.hrtime.bigint() - start) / 1e3;
      await enforcement.replaceRule(position, replacement);
    }
  });
  return { whole: (whole * 1e3) / changes, compilation: compilation / changes };
}
