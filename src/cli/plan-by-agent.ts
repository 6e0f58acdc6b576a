// rampart plan --agent: against the document that an agent keeps the account by.

import { readPolicyAndText } from '../account/policy-file';
import type { Preview } from '../preview/preview';
import { previewText } from '../preview/preview-text';
import type { ErrorReport } from '../report/error-report';
import { answerValue, askAgent, pathOf } from './agent-client';
import { EXIT, type ExitCode } from './exit-code';
import { socketOf } from './options';
import type { Output } from './output';
import { printWarnings } from './output-warning';

interface ByAgent {
  readonly file: string;
  readonly agent: string | true;
  readonly budget: number;
}

export async function planByAgent(output: Output, { file, agent, budget }: ByAgent): Promise<ExitCode> {
  const { policy, text } = readPolicyAndText(file);
  const path = pathOf(['accounts', policy.account, 'plan'], { source: file, budget: String(budget) });
  const answer = await askAgent(socketOf(agent), { method: 'POST', path, body: text });
  const plan = answerValue<Preview & { readonly warnings: readonly ErrorReport[] }>(answer);
  printWarnings(output, plan.warnings);
  if (output.json) output.printJsonLine(answer.text.trimEnd());
  else output.print(plan, () => previewText(plan));
  return EXIT.done;
}
