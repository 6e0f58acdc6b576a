// What the kernel, or the compiler of programs, says of a plan that it does not take, by the rules of the policy.

import type { Refusal } from '../reconcile/refusal';

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
