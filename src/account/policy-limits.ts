// How much a policy may hold. A policy file is the operator's own, so the defaults only keep a mistake from taking the
// machine; what an account's customers may have is for the API to say.

export interface PolicyLimits {
  /** Bytes of the file in UTF-8. */
  readonly fileBytes: number;
  /** Rules, enabled or not. */
  readonly rules: number;
  /** Entries of all lists together. */
  readonly listEntries: number;
  readonly prefixes: number;
  readonly tunnels: number;
  readonly routes: number;
}

export const DEFAULT_POLICY_LIMITS: PolicyLimits = {
  fileBytes: 64 * 1024 * 1024,
  rules: 10_000,
  listEntries: 100_000,
  prefixes: 1_000,
  tunnels: 256,
  routes: 10_000,
};
