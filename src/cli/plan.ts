// rampart plan: what a policy would change against another one, before it is applied: rules, network, and packets whose
// verdict changes. Nothing is sent anywhere.

import type { Policy } from '../account/policy';
import { readPolicyFile } from '../account/policy-file';
import { DEFAULT_CHANGE_BUDGET } from '../analysis/verdict-change';
import { DEFAULT_OPTIONS } from '../compile';
import { DEFAULT_PREVIEW_OPTIONS, preview } from '../preview/preview';
import { previewText } from '../preview/preview-text';
import { refusedPolicy } from '../report/expression-report';
import { probeReports } from '../report/probe-report';
import { type Register, UsageError } from './command';
import { EXIT } from './exit-code';
import { type AgentOption, type SiteOption, siteOf, withAgent, withBudget, withSite } from './options';
import { printWarnings, warningReports } from './output-warning';
import { planByAgent } from './plan-by-agent';

interface PlanOptions extends SiteOption, AgentOption {
  readonly file: string;
  readonly against?: string;
  readonly budget: number;
}

export const register: Register = (program, act) => {
  const command = program
    .command('plan')
    .description(
      'shows what a policy would change: rules, network, and for every pair of rules a packet whose verdict changes',
    )
    .requiredOption('-f, --file <policy>', 'YAML or JSON')
    .option('--against <policy>', 'the policy that it would take the place of (default: none, everything passes)');
  withAgent(withBudget(withSite(command), DEFAULT_CHANGE_BUDGET)).action(
    act((output, { file, against, budget, agent, ...site }: PlanOptions) => {
      if (agent !== undefined && against !== undefined) {
        throw new UsageError('--agent and --against name two things to compare with', 'leave one of them out');
      }
      if (agent !== undefined) return planByAgent(output, { file, agent, budget });
      const policy = readPolicyFile(file);
      const before = against === undefined ? undefined : readPolicyFile(against);
      const outcome = preview(before, policy, { ...DEFAULT_PREVIEW_OPTIONS, site: siteOf(site), budget });
      if (!outcome.ok && outcome.side === 'before') {
        throw refusedPolicy(against as string, before as Policy, outcome.refused);
      }
      if (!outcome.ok) throw refusedPolicy(file, policy, outcome.refused);
      const warnings = [
        ...warningReports({ kind: 'policy', file, policy, text: policy }, outcome.warned),
        ...probeReports(policy, { ...DEFAULT_OPTIONS, site: siteOf(site) }),
      ];
      printWarnings(output, warnings);
      output.print({ ...outcome.value, warnings }, () => previewText(outcome.value));
      return EXIT.done;
    }),
  );
};
