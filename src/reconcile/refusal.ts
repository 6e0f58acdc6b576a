// Why a plan was refused, by the rules of the policy: from what the kernel says of the messages, programs and chains that
// these had become.

import { CompilerError } from '../backend/ebpf/compiler-error';
import { parseRuleComment } from '../backend/nft/rule-comment';
import type { Match } from '../backend/nft/table';
import { BpfError } from '../ebpf/bpf-error';
import { NetlinkError } from '../netlink/netlink-error';
import { BatchError, type BatchFailure } from '../netlink/nftables/batch-error';
import { FAMILIES } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import { ForeignTableError } from './foreign-table-error';
import { MissingPinError } from './missing-pin-error';
import { keyOfChain, targetOf } from './rule-chain';

export interface Refusal {
  /** undefined where it is not about one rule. */
  readonly ref: string | undefined;
  /** errno, or the code of an error of ours. */
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** At least one; undefined for an error that says nothing of the plan. */
export function refusalsOf(error: unknown, plan: Plan): readonly Refusal[] | undefined {
  if (error instanceof BatchError) return error.failures.map(failure => ofMessage(failure, plan));
  if (error instanceof MissingPinError && error.cause instanceof BatchError) {
    return error.cause.failures.map(failure => ({ ...ofMessage(failure, plan), ...told(error) }));
  }
  if (error instanceof ForeignTableError) return [{ ref: undefined, ...told(error) }];
  if (error instanceof NetlinkError) return [{ ref: undefined, ...told(error) }];
  if (error instanceof BpfError) return ofProgram(error, plan);
  if (error instanceof CompilerError) return [{ ref: undefined, ...told(error) }];
  return undefined;
}

function ofMessage({ operation: { object }, element, error }: BatchFailure, plan: Plan): Refusal {
  const refused = object.kind === 'elements' && element !== undefined ? object.elements[element] : object;
  const comment = refused !== undefined && 'comment' in refused ? refused.comment : undefined;
  return { ref: parseRuleComment(comment ?? '')?.ref ?? refOfChain(object, plan), ...told(error) };
}

/** Of a rule or a chain that a rule of the policy has for itself. */
function refOfChain(object: BatchFailure['operation']['object'], plan: Plan): string | undefined {
  if (object.kind === 'chain') return refOfKey(keyOfChain(object.name), plan);
  if (object.kind !== 'rule') return undefined;
  return refOfKey(
    keyOfChain(object.chain) ?? ('expressions' in object ? keyOfChain(targetOf(object)) : undefined),
    plan,
  );
}

function refOfKey(key: string | undefined, { keys }: Plan): string | undefined {
  return key === undefined ? undefined : [...keys].find(([, each]) => each === key)?.[0];
}

/** All rules that call it; of a classifier's program nobody can say which of its rules is to blame. */
function ofProgram(error: BpfError, plan: Plan): Refusal[] {
  const refs = new Set(FAMILIES.flatMap(family => callers(error.object, plan, family)));
  return [...(refs.size === 0 ? [undefined] : refs)].map(ref => ({ ref, ...told(error) }));
}

function callers(program: string, plan: Plan, family: PacketFamily): (string | undefined)[] {
  return plan.tables[family].chains.flatMap(({ name, rules }) => {
    const calling = rules.filter(({ matches }) => matches.some(match => isCallOf(match, program)));
    return calling.map(({ comment = '', verdict }) => {
      const target = verdict !== undefined && 'chain' in verdict ? verdict.chain : undefined;
      return parseRuleComment(comment)?.ref ?? refOfKey(keyOfChain(name) ?? keyOfChain(target), plan);
    });
  });
}

function isCallOf(match: Match, program: string): boolean {
  return match.kind === 'program' && match.program === program;
}

function told(error: Error & { readonly code: string; readonly cure?: string | undefined }): Omit<Refusal, 'ref'> {
  const { code, message, cure } = error;
  return { code, message, cure: cure ?? CURES[code] ?? 'apply again; report it if it stays' };
}

const CURES: Readonly<Record<string, string>> = {
  ENOENT: 'apply again: what the rule names was removed while it was sent',
  EEXIST: 'apply again: somebody else made an object of this name in the table meanwhile',
  EBUSY: 'apply again: somebody else uses an object of the table; `nft list ruleset` shows what',
  ENOMEM: 'free memory, or make the policy smaller, and apply again',
  ENFILE: 'apply again: a set is full',
  EMLINK: 'make the rule’s expression less deep, or allow it an eBPF program (backend auto)',
  EOPNOTSUPP: 'run `rampart doctor`: this kernel lacks what the rule needs',
};
