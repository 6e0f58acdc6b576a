// How much an expression may ask for. Every limit is a setting with a default; exceeding one is a diagnostic.

export interface Limits {
  /** Characters of source text; undefined for no limit. */
  readonly length: number | undefined;
  /** Open brackets, calls and `not`s on one path; at most GREATEST_NESTING. */
  readonly nesting: number;
  /** Bytes that a compiled regular expression may take. */
  readonly regexSize: number;
  /** Unescaped stars in one wildcard pattern; undefined for no limit. */
  readonly wildcardStars: number | undefined;
}

/** The passes over an AST recurse, a few calls for each level; this many fit the stack several times over. */
export const GREATEST_NESTING = 500;

/** What rules about packets are held to. */
export const PACKET_LIMITS: Limits = {
  length: 4096,
  nesting: 128,
  regexSize: 10 * 1024 * 1024,
  wildcardStars: undefined,
};

/** Wirefilter's own defaults, for expressions over any scheme. */
export const ENGINE_LIMITS: Limits = { ...PACKET_LIMITS, length: undefined };
