// The version of a plan: a hash over what the rules say and the options that they are compiled by, not over how the
// kernel is told. Rules are hashed one by one and their hashes in chunks, so that one changed rule costs little.

import { hash } from 'node:crypto';
import { formulaText } from './ir/formula-text';
import type { Rule } from './ir/ruleset';

/** Rules whose hashes are hashed together. */
const CHUNK = 128;

export interface PlanVersion {
  /** 16 hex digits. */
  readonly text: string;
  /** Hash of each 128 rules in a row. */
  readonly chunks: readonly string[];
}

export function planVersion(rules: readonly Rule[], options: string): PlanVersion {
  const chunks = Array.from({ length: Math.ceil(rules.length / CHUNK) }, (_, chunk) => hashOfChunk(rules, chunk));
  return { text: hashOfAll(chunks, options), chunks };
}

/** `rules` are those that `version` was made of but for the one at `position`. */
export function changedVersion(
  version: PlanVersion,
  rules: readonly Rule[],
  position: number,
  options: string,
): PlanVersion {
  const chunk = Math.floor(position / CHUNK);
  const chunks = version.chunks.with(chunk, hashOfChunk(rules, chunk));
  return { text: hashOfAll(chunks, options), chunks };
}

function hashOfAll(chunks: readonly string[], options: string): string {
  return hash('sha256', `${options} ${chunks.join(' ')}`).slice(0, 16);
}

function hashOfChunk(rules: readonly Rule[], chunk: number): string {
  const hashes = rules.slice(chunk * CHUNK, (chunk + 1) * CHUNK).map(hashOfRule);
  return digest(hashes.join(' '));
}

const RULES = new WeakMap<Rule, string>();

/** 32 hex digits: all that the rule says. Its place is not in it: the order of the hashes says that. */
export function hashOfRule(rule: Rule): string {
  const known = RULES.get(rule);
  if (known !== undefined) return known;
  const { ref, action, enabled, formula } = rule;
  const text = `${ref} ${action} ${enabled} ${formulaText(formula.ip)} ${formulaText(formula.ip6)}`;
  const digits = digest(text);
  RULES.set(rule, digits);
  return digits;
}

/** Half of it is enough to tell rules apart, and half the work for what is hashed once more. */
function digest(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
