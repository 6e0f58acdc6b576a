// How much a policy may hold. The defaults are those of the product whose API the policies follow; an operator may set
// others for an account.

export interface PolicyLimits {
  /** Bytes of the file in UTF-8. */
  readonly fileBytes: number;
  /** Rules, enabled or not. */
  readonly rules: number;
  /** Entries of all lists together. */
  readonly listEntries: number;
}

export const DEFAULT_POLICY_LIMITS: PolicyLimits = {
  // 200 expressions of 4,096 characters and 10,000 entries are about 1.3 MB.
  fileBytes: 4 * 1024 * 1024,
  rules: 200,
  listEntries: 10_000,
};
