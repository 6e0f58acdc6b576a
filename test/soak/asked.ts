// The agent's API, asked over its socket. An agent that dies meanwhile answers nothing.

import { type AgentRequest, answerValue, askAgent, NoAgentError } from '../../src/cli/agent-client';
import { ReportedError } from '../../src/report/error-report';

export interface Stand {
  readonly account: string;
  readonly state: string;
  readonly desired?: number;
  readonly applied?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What was refused, or that nobody answered, in words; undefined where it was done. */
export async function ask(socket: string, asked: AgentRequest): Promise<string | undefined> {
  try {
    await askAgent(socket, asked);
    return undefined;
  } catch (error) {
    if (error instanceof NoAgentError || error instanceof ReportedError) return error.message;
    throw error;
  }
}

export async function stands(socket: string): Promise<readonly Stand[]> {
  return answerValue<{ accounts: readonly Stand[] }>(await askAgent(socket, { method: 'GET', path: '/accounts' }))
    .accounts;
}

/** By the rules' refs. */
export async function counts(socket: string, account: string): Promise<ReadonlyMap<string, number>> {
  const answer = await askAgent(socket, { method: 'GET', path: `/accounts/${account}/counters` });
  const { rules } = answerValue<{ rules: readonly { ref: string; packets: number | string }[] }>(answer);
  return new Map(rules.map(({ ref, packets }) => [ref, Number(packets)]));
}
