// The version of a plan: a hash over what the rules say and the options that they are compiled by, not over how the
// kernel is told. Rules are hashed one by one and their hashes in chunks, so that one changed rule costs little.

import { createHash } from 'node:crypto';
import type { FormulaByFamily } from './ir/formula';
import { printFormula } from './ir/print';
import type { Rule } from './ir/ruleset';

/** Rules whose hashes are hashed together. */
const CHUNK = 128;

export interface PlanVersion {
  /** 16 hex digits. */
  readonly text: string;
  /** Hash of each 128 rules in a row. */
  readonly chunks: readonly Uint8Array[];
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

function hashOfAll(chunks: readonly Uint8Array[], options: string): string {
  // Joined, for each update costs more than the hashing of its few bytes.
  return createHash('sha256').update(options).update(Buffer.concat(chunks)).digest('hex').slice(0, 16);
}

function hashOfChunk(rules: readonly Rule[], chunk: number): Uint8Array {
  const hashes = rules.slice(chunk * CHUNK, (chunk + 1) * CHUNK).map(hashOfRule);
  return createHash('sha256').update(Buffer.concat(hashes)).digest();
}

const RULES = new WeakMap<Rule, Uint8Array>();
const FORMULAS = new WeakMap<FormulaByFamily, Uint8Array>();

/** 32 bytes: all that the rule says. Its place is not in it: the order of the hashes says that. */
export function hashOfRule(rule: Rule): Uint8Array {
  const known = RULES.get(rule);
  if (known !== undefined) return known;
  const { ref, action, enabled, formula } = rule;
  const hash = createHash('sha256').update(`${ref} ${action} ${enabled}\n`).update(hashOfFormula(formula)).digest();
  RULES.set(rule, hash);
  return hash;
}

/** Rules of one expression have one formula. */
function hashOfFormula(formula: FormulaByFamily): Uint8Array {
  const known = FORMULAS.get(formula);
  if (known !== undefined) return known;
  const text = `${printFormula(formula.ip)}\n\n${printFormula(formula.ip6)}`;
  const hash = createHash('sha256').update(text).digest();
  FORMULAS.set(formula, hash);
  return hash;
}
