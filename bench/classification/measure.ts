// One rules file measured: what the policy made of it adds to a packet, what the same rules one by one in nft add, and
// whether every packet met the verdict and the rule that the evaluator says.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply } from '../../src/reconcile/apply';
import { compiledPlan, compiledRuleset } from '../compiled';
import { withNamespaces } from '../namespace';
import { capturedPackets } from '../packet/captured';
import { type Checked, check } from '../packet/check';
import { addedCosts, ratioOf } from '../packet/cost';
import { type PacketTable, packetTable } from '../packet/ipv4-packet';
import { OBJECT_CACHE, scratchDirectory } from '../place';
import { runIn } from '../process';
import type { Check, Series, Settings } from '../row';
import { drawPackets } from './draw-packets';
import type { RangeRule } from './rules-file';
import { candidatesByAddress, nftRuleset, rulesetText } from './ruleset';

export interface ClassbenchFigures {
  readonly ours: Series;
  readonly theirs: Series;
  readonly ratio: Series;
  readonly check: Checked;
}

/** As many in a burst: every packet is another flow, and each burst finds the caches as the other namespaces left them. */
const MEASURED_PACKETS = 4096;
const CHECKED_PACKETS = 100_000;
const SEED = 1;

export function measureRules(rules: readonly RangeRule[], settings: Settings): Promise<ClassbenchFigures> {
  const directory = scratchDirectory();
  return withNamespaces(['base', 'ours', 'nft'], async (base, ours, nft) => {
    const text = rulesetText(rules);
    const ruleset = compiledRuleset(text);
    await apply(compiledPlan(ruleset, text), { namespace: ours }, OBJECT_CACHE);
    const file = join(directory, 'rules.nft');
    writeFileSync(file, nftRuleset(rules));
    await runIn(nft, 'nft', '-f', file);
    const candidates = candidatesByAddress(rules);
    const holds = (packets: PacketTable) => check({ namespace: ours, ruleset, packets, candidates, directory });
    const drawn = await holds(packetTable(drawPackets(rules, CHECKED_PACKETS, SEED)));
    const captured = capturedPackets();
    const checks = captured === undefined ? [drawn] : [drawn, await holds(captured)];
    const packets = packetTable(drawPackets(rules, MEASURED_PACKETS, SEED + 1));
    const rounds = Math.max(MOST_ROUNDS / (1 + rules.length / 1000), 10);
    const cost = { packets, directory, burst: MEASURED_PACKETS, rounds, namespaces: [base, ours, nft] };
    const [added, linear] = (await addedCosts(settings, cost)) as [Series, Series];
    return { ours: added, theirs: linear, ratio: ratioOf(linear, added), check: together(checks) };
  }).finally(() => rmSync(directory, { recursive: true }));
}

/** Linear rules take milliseconds a round for every thousand. */
const MOST_ROUNDS = 100;

function together(checks: readonly Checked[]): Checked {
  const sum = (of: keyof Check) => checks.reduce((total, each) => total + each[of], 0);
  return {
    packets: sum('packets'),
    differences: sum('differences'),
    examples: checks.flatMap(({ examples }) => examples),
  };
}
