// rampart apply: a policy into a namespace, where the kernel goes on filtering by it after this program has ended; or to an
// agent, which keeps it there.

import { compile } from '../compile';
import { compilePlan } from '../compile-plan';
import { type Applied, apply } from '../reconcile/apply';
import { readKeys } from '../reconcile/counters';
import { dryRun } from '../reconcile/dry-run';
import { applyByAgent } from './apply-by-agent';
import type { Register } from './command';
import { differenceLines } from './difference-lines';
import { printDryRun } from './dry-run-report';
import { EXIT } from './exit-code';
import { accepted, givenRules } from './given-rules';
import { refuseNetworkParts } from './network-parts';
import {
  type AgentOption,
  type BackendOption,
  type CacheOption,
  compileOptions,
  type NetnsOption,
  objectCache,
  type SiteOption,
  withAgent,
  withBackend,
  withCache,
  withNetns,
  withSite,
} from './options';
import { printWarnings, warningReports } from './output-warning';

interface ApplyOptions extends BackendOption, CacheOption, NetnsOption, SiteOption, AgentOption {
  readonly file: string;
  readonly dryRun?: true;
  readonly confirmWithin?: string;
}

export const register: Register = (program, act) => {
  const command = program
    .command('apply')
    .description('puts a policy into force in a network namespace, all of it at once, and ends')
    .requiredOption('-f, --file <policy>', 'YAML or JSON')
    .option('--dry-run', 'lets the kernel say whether it would take it, and shows what would change; nothing does')
    .option(
      '--confirm-within <time>',
      'by an agent: what was before comes back after so long (60s, 5m), unless confirmed',
    );
  withAgent(withNetns(withCache(withSite(withBackend(command))))).action(
    act(async (output, options: ApplyOptions) => {
      const { agent = options.confirmWithin === undefined ? undefined : true } = options;
      if (agent !== undefined) return applyByAgent(output, { ...options, agent });
      const given = givenRules(options);
      refuseNetworkParts(given);
      const settings = compileOptions(options);
      const outcome = compile(given.text, settings);
      const { ruleset } = accepted(given, outcome);
      const target = { namespace: options.netns };
      const plan = compilePlan(ruleset, { ...settings, keys: await readKeys(target) });
      const warnings = outcome.ok ? warningReports(given, outcome.warned) : [];
      printWarnings(output, warnings);
      if (options.dryRun) {
        const tried = await dryRun(plan, target, objectCache(options));
        return printDryRun(output, { ...tried, warnings }, { account: plan.account, netns: options.netns ?? null });
      }
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
  return [
    `${place}: version ${version}${previous === undefined ? '' : `, before ${previous}`}`,
    ...differenceLines(difference),
    ...loaded.map(program => `  loaded eBPF program ${program}`),
  ].join('\n');
}
