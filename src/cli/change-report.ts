// An agent's answer to a change of an account, for people and for scripts.

import type { AccountError } from '../agent/account-status';
import type { ErrorReport } from '../report/error-report';
import { type AgentAnswer, answerValue } from './agent-client';
import { EXIT, type ExitCode } from './exit-code';
import type { Output } from './output';
import { printReport } from './output-error';
import { printWarnings } from './output-warning';

/** As the API tells it; dates are text. */
interface ChangeAnswer {
  readonly account: string;
  readonly version: number;
  readonly previous?: number;
  readonly confirmBy?: string;
  readonly outcome: 'in_force' | 'failed' | 'superseded' | 'closed';
  readonly status?: { readonly applied?: number; readonly error?: AccountError; readonly nextRetryAt?: string };
  readonly warnings: readonly ErrorReport[];
}

/** Status 1 where the kernel does not have it. */
export function printChange(output: Output, answer: AgentAnswer): ExitCode {
  const change = answerValue<ChangeAnswer>(answer);
  printWarnings(output, change.warnings);
  if (output.json) output.printJsonLine(answer.text.trimEnd());
  else output.print(change, () => changeText(change));
  return change.outcome === 'in_force' ? EXIT.done : EXIT.refused;
}

function changeText(change: ChangeAnswer): string {
  const { account, version, previous, confirmBy } = change;
  const before = previous === undefined ? '' : `, before ${previous}`;
  const lines = [`account ${account}: version ${version}${before}: ${OUTCOMES[change.outcome]}`];
  if (change.outcome === 'failed') lines.push(...failureLines(change));
  if (confirmBy !== undefined) {
    const back = previous === undefined ? 'the account goes' : `version ${previous} comes back`;
    lines.push(`${back} at ${confirmBy} unless you confirm: rampart confirm ${account}`);
  }
  return lines.join('\n');
}

const OUTCOMES: Readonly<Record<ChangeAnswer['outcome'], string>> = {
  in_force: 'in force',
  failed: 'kept, but not in force',
  superseded: 'kept, and overtaken by a newer one',
  closed: 'kept; the agent ends, and puts it into force when it starts again',
};

function failureLines({ status }: ChangeAnswer): string[] {
  const { applied, error, nextRetryAt } = status ?? {};
  const still = applied === undefined ? 'nothing is in force' : `version ${applied} is still in force`;
  const again = nextRetryAt === undefined ? 'it is not tried again' : `it is tried again at ${nextRetryAt}`;
  return [...errorLines(error), `${still}; ${again}`];
}

export function errorLines(error: AccountError | undefined): string[] {
  if (error === undefined) return [];
  const rules = error.rules.map(({ ref, ...report }) => ({ ...report, place: `rule ${ref}` }));
  const reports: readonly ErrorReport[] = rules.length > 0 ? rules : [error];
  return reports.map(report => printReport(report).trimEnd());
}
