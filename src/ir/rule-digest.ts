// All that a rule says, as a hash: its ref, action, and formulas. Its place in the policy is not in it. By it a rule is
// known to be the same one, whatever the kernel is told of it.

import { hash } from 'node:crypto';
import { formulaText } from './formula-text';
import type { Rule } from './ruleset';

/** Half of SHA-256: enough to tell rules apart, and half the work for what is hashed once more. */
export const DIGEST_LENGTH = 16;

interface Digest {
  readonly hex: string;
  /** Made when it is first asked for. */
  bytes: string | undefined;
}

const DIGESTS = new WeakMap<Rule, Digest>();

/** 32 hex digits. */
export function hexDigest(rule: Rule): string {
  return digestOf(rule).hex;
}

/** 16 bytes, as Latin-1. */
export function digest(rule: Rule): string {
  const known = digestOf(rule);
  known.bytes ??= Buffer.from(known.hex, 'hex').toString('latin1');
  return known.bytes;
}

function digestOf(rule: Rule): Digest {
  const known = DIGESTS.get(rule);
  if (known !== undefined) return known;
  const { ref, action, enabled, formula } = rule;
  const text = `${ref} ${action} ${enabled} ${formulaText(formula.ip)} ${formulaText(formula.ip6)}`;
  const made = { hex: shortHash(text), bytes: undefined };
  DIGESTS.set(rule, made);
  return made;
}

/** 32 hex digits. */
export function shortHash(text: string): string {
  return hash('sha256', text).slice(0, 2 * DIGEST_LENGTH);
}
