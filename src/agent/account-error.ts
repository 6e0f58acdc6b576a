// What went wrong with an account, as data for its status: code, message, cure, and the rules at fault where it is theirs.

import { parseRuleComment } from '../backend/nft/rule-comment';
import { BatchError, type BatchFailure } from '../netlink/nftables/batch-error';
import type { AccountError, RuleError } from './account-status';
import { RefusedRulesError } from './compile-account';

/** Whether trying the same again can help. */
export function isFinal(error: unknown): boolean {
  return error instanceof RefusedRulesError;
}

export function accountError(error: unknown): AccountError {
  if (error instanceof RefusedRulesError) {
    const { code, message, cure } = error;
    return { code, message, cure, rules: error.refused.flatMap(refusedRule) };
  }
  if (error instanceof BatchError) {
    const rules = error.failures.flatMap(failedRule);
    return {
      code: error.code,
      message: error.message,
      cure: textOf(error.failures[0].error, 'cure') ?? RETRIED,
      rules,
    };
  }
  const code = textOf(error, 'code');
  // Every error that the code foresees has a code; nothing else can be told of what has none than where it came from.
  if (code === undefined) return { code: 'defect', message: traceOf(error), cure: DEFECT, rules: [] };
  return { code, message: messageOf(error), cure: textOf(error, 'cure') ?? CURES[code] ?? RETRIED, rules: [] };
}

function refusedRule({ ref, diagnostics }: RefusedRulesError['refused'][number]): RuleError[] {
  return diagnostics.map(({ code, message, cure }) => ({ ref, code, message, cure }));
}

/** Of operations on what is no rule, none. */
function failedRule({ operation: { object }, element, error }: BatchFailure): RuleError[] {
  const failed = object.kind === 'elements' && element !== undefined ? object.elements[element] : object;
  const comment = failed !== undefined && 'comment' in failed ? failed.comment : undefined;
  const ref = comment === undefined ? undefined : parseRuleComment(comment)?.ref;
  if (ref === undefined) return [];
  return [{ ref, code: error.code, message: error.message, cure: error.cure ?? RETRIED }];
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
