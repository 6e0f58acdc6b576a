// What went wrong with an account, as data for its status: code, message, cure, and the rules at fault where it is theirs.

import { NamespaceError } from '../netns/namespace-error';
import { NetworkError } from '../network/network-error';
import { ForeignTableError } from '../reconcile/foreign-table-error';
import type { Refusal } from '../reconcile/refusal';
import type { AccountError, RuleError } from './account-status';
import { RefusedRulesError } from './compile-account';
import { NamespaceTakenError } from './namespace-tenant';
import { RefusedPlanError } from './refused-plan-error';

/** Whether trying the same again can help. */
export function isFinal(error: unknown): boolean {
  return error instanceof RefusedRulesError;
}

/** Whether the kernel could be read, and what stands there, or what was asked for, is the reason. */
export function isOfWhatWasRead(error: unknown): boolean {
  if (error instanceof NamespaceError) return error.code === 'ENOENT';
  return [RefusedRulesError, RefusedPlanError, NetworkError, ForeignTableError, NamespaceTakenError].some(
    kind => error instanceof kind,
  );
}

export function accountError(error: unknown): AccountError {
  if (error instanceof RefusedRulesError) {
    const { code, message, cure } = error;
    return { code, message, cure, rules: error.refused.flatMap(refusedRule) };
  }
  const rules = error instanceof RefusedPlanError ? error.refusals.flatMap(refusalOfRule) : [];
  const code = textOf(error, 'code');
  // Every error that the code foresees has a code; nothing else can be told of what has none than where it came from.
  if (code === undefined) return { code: 'defect', message: traceOf(error), cure: DEFECT, rules };
  return { code, message: messageOf(error), cure: textOf(error, 'cure') ?? CURES[code] ?? RETRIED, rules };
}

function refusedRule({ ref, diagnostics }: RefusedRulesError['refused'][number]): RuleError[] {
  return diagnostics.map(({ code, message, cure }) => ({ ref, code, message, cure }));
}

function refusalOfRule({ ref, code, message, cure }: Refusal): RuleError[] {
  return ref === undefined ? [] : [{ ref, code, message, cure }];
}

const RETRIED = 'it is tried again by itself; look at what the message names if that does not help';
const DEFECT = 'this is a defect of rampart: report it with these lines; the account is filtered as before';

const CURES: Readonly<Record<string, string>> = {
  EMFILE: 'raise LimitNOFILE of the service; it is tried again by itself',
  ENFILE: 'raise fs.file-max; it is tried again by itself',
  ENOMEM: 'free memory of the machine; it is tried again by itself',
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : (textOf(error, 'message') ?? String(error));
}

function traceOf(error: unknown): string {
  return textOf(error, 'stack') ?? messageOf(error);
}

/** By shape: the addon's errors belong to another realm under jest. */
function textOf(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}
