// rampart status: how an agent's accounts stand, or one of them in full.

import type { AccountError, AccountStatus, Drift } from '../agent/account-status';
import type { TunnelHealth } from '../health/tunnel-health';
import { answerValue, askAgent, pathOf } from './agent-client';
import { errorLines } from './change-report';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { type SocketOption, withSocket } from './options';
import { textTable } from './text-table';

/** As it is told: dates are text. */
interface ToldStatus
  extends Omit<AccountStatus, 'verifiedAt' | 'confirmBy' | 'nextRetryAt' | 'error' | 'drift' | 'tunnels'> {
  readonly verifiedAt?: string;
  readonly confirmBy?: string;
  readonly nextRetryAt?: string;
  readonly error?: AccountError;
  readonly drift: Omit<Drift, 'last'> & {
    readonly last?: { readonly at: string; readonly changes: readonly string[]; readonly by: Authors };
  };
  readonly tunnels: Readonly<Record<string, ToldHealth>>;
}

interface ToldHealth extends Omit<TunnelHealth, 'since' | 'reason'> {
  readonly since: string;
  readonly reason?: { readonly message: string };
}

type Authors = readonly { readonly processId: number; readonly processName: string }[];

export const register: Register = (program, act) => {
  const command = program
    .command('status [account]')
    .description('shows how an agent’s accounts stand, or one of them in full; status 1 where one is not as desired');
  withSocket(command).action(
    act(async (output, account: string | undefined, { socket }: SocketOption) => {
      const path = pathOf(['accounts', ...(account === undefined ? [] : [account])]);
      const answer = await askAgent(socket, { method: 'GET', path });
      const shown = answerValue<ToldStatus & { readonly accounts: readonly ToldStatus[] }>(answer);
      const statuses = account === undefined ? shown.accounts : [shown];
      if (output.json) output.printJsonLine(answer.text.trimEnd());
      else output.print(answer, () => (account === undefined ? table(statuses) : full(shown)));
      return statuses.some(({ state }) => state === 'failed') ? EXIT.refused : EXIT.done;
    }),
  );
};

function table(statuses: readonly ToldStatus[]): string {
  if (statuses.length === 0) return 'there are no accounts';
  const rows = statuses.map(({ account, state, desired, applied, verifiedAt, drift, error }) => {
    const versions = [desired, applied].map(version => (version === undefined ? '-' : String(version)));
    return [account, words(state), ...versions, verifiedAt ?? '-', String(drift.count), error?.message ?? ''];
  });
  return textTable(['account', 'state', 'desired', 'in force', 'verified', 'drifts', 'error'], rows);
}

function full(status: ToldStatus): string {
  const { account, state, desired, applied, policyVersion, verifiedAt, confirmBy, error, nextRetryAt, drift } = status;
  const rows: readonly (readonly [string, string | number | undefined])[] = [
    ['account', account],
    ['state', words(state)],
    ['namespace', status.namespace],
    ['desired version', desired],
    ['version in force', applied],
    ['rules in force', policyVersion],
    ['verified', verifiedAt],
    ['to be confirmed by', confirmBy],
    ['tried again', nextRetryAt],
    ['changes by others', drift.count],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  const lines = known.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [...lines, ...driftLines(drift), ...tunnelLines(status.tunnels), ...errorLines(error)].join('\n');
}

function driftLines({ last }: ToldStatus['drift']): string[] {
  if (last === undefined) return [];
  const by = last.by.map(({ processId, processName }) => `${processName} (${processId})`).join(', ');
  return [`  the last at ${last.at}${by === '' ? '' : `, by ${by}`}:`, ...last.changes.map(change => `  ${change}`)];
}

function tunnelLines(tunnels: ToldStatus['tunnels']): string[] {
  const rows = Object.entries(tunnels).map(([name, { state, since, loss, rtt, reason }]) => {
    const lost = `${loss.failed} of ${loss.sent}`;
    return [name, state, since, rtt === undefined ? '-' : `${rtt.toFixed(1)} ms`, lost, reason?.message ?? ''];
  });
  return rows.length === 0 ? [] : [textTable(['tunnel', 'state', 'since', 'round trip', 'lost', 'reason'], rows)];
}

function words(state: AccountStatus['state']): string {
  return state.replaceAll('_', ' ');
}
