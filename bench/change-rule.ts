// One rule of a policy in force changed by an open Enforcement, beside a peer that changes one of its own: from the call,
// compilation of the new text included, to the kernel's acknowledgement.

import type { RulesetText, RuleText } from '../src/compile';
import { type Enforcement, enforce } from '../src/reconcile/enforcement';
import { compiledPlan, compiledRule, compiledRuleset } from './compiled';
import { interleave } from './interleave';
import { median } from './median';
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
  /** The same where each change waits for the answer to the one before, as ours do, if that is not what `run` does. */
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
      const times: ChangeTimes[] = [];
      const change = async (changes: number) => {
        const taken = await changeRules(enforcement, of, count, changes);
        count += changes;
        return taken;
      };
      await change(Math.min(WARM_UP, of.changes));
      const figures = await interleave(settings, 'us', {
        ours: async () => {
          const taken = await change(of.changes);
          times.push(taken);
          return taken.median;
        },
        theirs: peer.awaited ?? peer.run,
      });
      const further = {
        'ours without the text': inMicroseconds(times.map(({ withoutText }) => withoutText)),
        'ours on average': inMicroseconds(times.map(({ average }) => average)),
        ...(peer.awaited && { 'theirs, all lines at once': await series(settings, peer.run) }),
      };
      return { label: of.label ?? '', figures: { ...figures, ...further } };
    } finally {
      peer.close();
      enforcement.close();
    }
  });
}

async function series({ runs }: Settings, measure: () => Promise<number>): Promise<Series> {
  const values: number[] = [];
  for (let run = 0; run < runs; run++) values.push(await measure());
  return inMicroseconds(values);
}

function inMicroseconds(runs: readonly number[]): Series {
  return { unit: 'us', runs };
}

/** Of some changes one after the other, in microseconds. */
interface ChangeTimes {
  readonly median: number;
  /** The median of what is left without the compilation of the new text. */
  readonly withoutText: number;
  /** With the changes for which all was planned anew, and with the collection of garbage. */
  readonly average: number;
}

async function changeRules(
  enforcement: Enforcement,
  of: ChangeOf,
  first: number,
  changes: number,
): Promise<ChangeTimes> {
  const whole: number[] = [];
  const withoutText: number[] = [];
  for (let count = first; count < first + changes; count++) {
    const { position, rule } = of.change(count);
    const start = process.hrtime.bigint();
    const replacement = compiledRule(rule);
    const compiled = process.hrtime.bigint();
    await enforcement.replaceRule(position, replacement);
    const acknowledged = process.hrtime.bigint();
    whole.push(Number(acknowledged - start) / 1e3);
    withoutText.push(Number(acknowledged - compiled) / 1e3);
  }
  const average = whole.reduce((sum, each) => sum + each, 0) / changes;
  return { median: median(whole), withoutText: median(withoutText), average };
}
