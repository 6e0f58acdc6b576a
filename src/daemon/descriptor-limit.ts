// Whether the process may open as many files as its accounts take. Node raises the soft limit to the hard one itself.

import { readFileSync } from 'node:fs';
import type { Account } from '../account/account';

/** Two for nf_tables, one for rtnetlink, two that hear of changes; and five for the classifier of many rules. */
const OF_AN_ACCOUNT = 10;
/** Node's, the store's, the API's, and what lasts no longer than a change. */
const OF_THE_AGENT = 100;

export interface FewDescriptors {
  readonly code: 'daemon.few-descriptors';
  readonly limit: number;
  readonly needed: number;
  readonly accounts: number;
  readonly message: string;
  readonly cure: string;
}

/** undefined where there are enough. */
export function fewDescriptors(accounts: readonly Account[], limit: number): FewDescriptors | undefined {
  const probed = accounts.flatMap(({ tunnels }) => tunnels.filter(({ health }) => health !== undefined));
  const needed = OF_THE_AGENT + accounts.length * OF_AN_ACCOUNT + probed.length;
  if (limit >= needed) return undefined;
  return {
    code: 'daemon.few-descriptors',
    limit,
    needed,
    accounts: accounts.length,
    message: `${accounts.length} accounts may take ${needed} file descriptors, and the process may have ${limit}`,
    cure: `set LimitNOFILE=${2 * needed} for the service, or \`ulimit -n ${2 * needed}\` before it starts`,
  };
}

export function descriptorLimit(): number {
  return parseDescriptorLimit(readFileSync('/proc/self/limits', 'utf8'));
}

/** Of /proc/PID/limits the soft limit: 'Max open files            1024                 4096                 files'. */
export function parseDescriptorLimit(limits: string): number {
  const [, soft] = /^Max open files +([0-9]+|unlimited) /m.exec(limits) ?? [];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}
