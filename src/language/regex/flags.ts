// The flags of a pattern, set by (?flags) for the rest of a group and by (?flags:…) for one group.

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  /** `.` matches line feeds too. */
  readonly dotAll: boolean;
  readonly unicode: boolean;
  readonly verbose: boolean;
}

/** Wirefilter compiles patterns with Unicode off. */
export const INITIAL_FLAGS: Flags = {
  ignoreCase: false,
  multiLine: false,
  dotAll: false,
  unicode: false,
  verbose: false,
};
