// rampart apply --agent: the document goes to an agent, which keeps it in force, and takes it back where nobody confirms it.

import { readPolicyAndText } from '../account/policy-file';
import type { DryRun } from '../reconcile/dry-run';
import type { ErrorReport } from '../report/error-report';
import { answerValue, askAgentToChange, pathOf } from './agent-client';
import { printChange } from './change-report';
import { UsageError } from './command';
import { printDryRun } from './dry-run-report';
import type { ExitCode } from './exit-code';
import { type NetnsOption, socketOf } from './options';
import type { Output } from './output';
import { printWarnings } from './output-warning';

export interface ByAgent extends NetnsOption {
  readonly file: string;
  readonly agent: string | true;
  readonly dryRun?: true;
  readonly confirmWithin?: string;
}

export async function applyByAgent(output: Output, options: ByAgent): Promise<ExitCode> {
  const { file, netns, agent, dryRun, confirmWithin } = options;
  if (netns !== undefined) {
    const cure = 'leave --netns out; the document may say `namespace: {existing: NAME}`';
    throw new UsageError('an agent takes the namespace from the document', cure);
  }
  // What is wrong with its shape is told without asking anybody.
  const { policy, text } = readPolicyAndText(file);
  const query = { source: file, confirm_within: confirmWithin, dry_run: dryRun && 'true' };
  const path = pathOf(['accounts', policy.account], query);
  const answer = await askAgentToChange(socketOf(agent), { method: 'PUT', path, body: text });
  if (!dryRun) return printChange(output, answer);
  const tried = answerValue<DryRun & { readonly warnings: readonly ErrorReport[] }>(answer);
  printWarnings(output, tried.warnings);
  return printDryRun(output, tried, { account: policy.account });
}
