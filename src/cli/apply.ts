// rampart apply: a policy into a namespace, where the kernel goes on filtering by it after this program has ended.

import { compile } from '../compile';
import { compilePlan } from '../compile-plan';
import { type Applied, apply } from '../reconcile/apply';
import { readKeys } from '../reconcile/counters';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { accepted, givenRules } from './given-rules';
import { refuseNetworkParts } from './network-parts';
import {
  type BackendOption,
  type CacheOption,
  compileOptions,
  type NetnsOption,
  objectCache,
  type SiteOption,
  withBackend,
  withCache,
  withNetns,
  withSite,
} from './options';
import { printWarnings, warningReports } from './output-warning';

/** Of one kind of change; --json has them all. */
const MOST_REFS = 20;

interface ApplyOptions extends BackendOption, CacheOption, NetnsOption, SiteOption {
  readonly file: string;
}

export const register: Register = (program, act) => {
  const command = program
    .command('apply')
    .description('puts a policy into force in a network namespace, all of it at once, and ends')
    .requiredOption('-f, --file <policy>', 'YAML or JSON');
  withNetns(withCache(withSite(withBackend(command)))).action(
    act(async (output, options: ApplyOptions) => {
      const given = givenRules(options);
      refuseNetworkParts(given);
      const settings = compileOptions(options);
      const outcome = compile(given.text, settings);
      const { ruleset } = accepted(given, outcome);
      const target = { namespace: options.netns };
      const plan = compilePlan(ruleset, { ...settings, keys: await readKeys(target) });
      const warnings = outcome.ok ? warningReports(given, outcome.warned) : [];
      printWarnings(output, warnings);
      const applied = await apply(plan, target, objectCache(options));
      const result = { account: plan.account, netns: options.netns ?? null, ...applied, warnings };
      output.print(result, () => report(applied, options));
      return EXIT.done;
    }),
  );
};

function report({ version, previous, difference, loaded }: Applied, { netns }: ApplyOptions): string {
  const place = netns === undefined ? 'this network namespace' : `network namespace ${netns}`;
  if (difference.none) return `${place} has version ${version} already; nothing changed`;
  const changes = (['added', 'removed', 'changed', 'moved'] as const).filter(kind => difference[kind].length > 0);
  return [
    `${place}: version ${version}${previous === undefined ? '' : `, before ${previous}`}`,
    ...changes.map(kind => `  ${kind}: ${someOf(difference[kind])}`),
    `  unchanged: ${difference.unchanged.length} of ${difference.unchanged.length + changedRules(difference)} rules`,
    ...loaded.map(program => `  loaded eBPF program ${program}`),
  ].join('\n');
}

function someOf(refs: readonly string[]): string {
  const shown = refs.slice(0, MOST_REFS).join(', ');
  return refs.length <= MOST_REFS ? shown : `${shown} and ${refs.length - MOST_REFS} more`;
}

function changedRules({ added, changed, moved }: Applied['difference']): number {
  return added.length + changed.length + moved.length;
}
