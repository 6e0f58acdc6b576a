// What is kept of one account beside the texts of its documents: which versions there are, which one is desired, and what
// waits for a confirmation. Plain data; whoever changes it puts a new one into the store.

export interface AccountRecord {
  readonly account: string;
  /** The version that is to be in force. Absent: the account is to be removed, and is forgotten when that is done. */
  readonly desired?: number;
  /** The one that was desired before: where a rollback without a number leads. */
  readonly previous?: number;
  readonly pending?: PendingConfirmation;
  /** Counts for rules of the desired version that the kernel does not have; kept until that version is in force. */
  readonly restore?: SavedCounts;
  /** Ascending. A number is never used again. */
  readonly versions: readonly VersionRecord[];
}

export interface VersionRecord {
  /** From 1. */
  readonly version: number;
  readonly created: Date;
  /** SHA-256 of the document's text in UTF-8, hexadecimal. */
  readonly digest: string;
}

/** The desired version stays only if somebody confirms it. */
export interface PendingConfirmation {
  /** By the wall clock: the agent may have been restarted in between. */
  readonly deadline: Date;
  /** How much time was given. However the clock was set in between, nobody waits longer than this. */
  readonly milliseconds: number;
  /** What comes back. Absent: the account was new, and goes. */
  readonly previous?: number;
  /** Of the version that was in force before, when it was. */
  readonly counts: SavedCounts;
}

/** By ref. */
export type SavedCounts = ReadonlyMap<string, SavedCount>;

export interface SavedCount {
  readonly packets: bigint;
  readonly bytes: bigint;
}
