// What the kernel, or the compiler of programs, says of a plan that it does not take, by the rules of the policy.

import type { Plan } from '../plan';
import { type Refusal, refusalsOf } from '../reconcile/refusal';

export class RefusedPlanError extends Error {
  override readonly name = 'RefusedPlanError';
  readonly code: string;
  readonly cure: string | undefined;
  /** At least one. */
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[], cause: unknown) {
    const [first] = refusals;
    super(first?.message, { cause });
    this.code = first?.code ?? 'plan.refused';
    this.cure = first?.cure;
    this.refusals = refusals;
  }
}

/** Rejects with a RefusedPlanError where the work on the plan was refused. */
export async function orRefusal<T>(work: Promise<T>, plan: Plan): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const refusals = refusalsOf(error, plan);
    throw refusals === undefined ? error : new RefusedPlanError(refusals, error);
  }
}
