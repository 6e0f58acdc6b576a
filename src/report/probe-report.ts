// Rules that would take an account's own tunnels down, as warnings.

import type { Account } from '../account/account';
import { type CompileOptions, compileRuleset } from '../compile';
import { blockedProbes } from '../health/blocked-probe';
import type { ErrorReport } from './error-report';

/** None for rules that are refused: that is what is told of them. */
export function probeReports(account: Account, options: CompileOptions): readonly ErrorReport[] {
  if (account.tunnels.every(({ health }) => health === undefined)) return [];
  const compiled = compileRuleset(account, options);
  if (!compiled.ok) return [];
  return blockedProbes(account, compiled.value).map(({ ref, message, cure }) => ({
    code: 'health.probe_blocked',
    rule: ref,
    message,
    cure,
  }));
}
