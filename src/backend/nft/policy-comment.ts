// Whose policy of which version a table holds: `rampart account=… version=…`, in the user data of a chain that has no
// rules. The kernel keeps a table's and a base chain's user data for ever as first given; an empty chain can be replaced.

export interface PolicyComment {
  readonly account: string;
  readonly version: string;
}

/** The chain that bears the comment; `policy` alone is a word of nft's own, and could be listed but not read back. */
export const POLICY_CHAIN = 'policy_version';

/** At most 105 characters; nft allows 128. */
export function printPolicyComment({ account, version }: PolicyComment): string {
  return `rampart account=${account} version=${version}`;
}

/** undefined for a comment that is not ours. */
export function parsePolicyComment(text: string): PolicyComment | undefined {
  const parts = /^rampart account=([A-Za-z0-9_.:-]{1,64}) version=([0-9a-f]{16})$/.exec(text);
  const [, account, version] = parts ?? [];
  return account === undefined || version === undefined ? undefined : { account, version };
}
