// The version of a plan: a hash over what the rules say and the options that they are compiled by, not over how the
// kernel is told. Rules are hashed one by one and their hashes in chunks, so that one changed rule costs little.

import { hash } from 'node:crypto';
import { hexDigest, shortHash } from './ir/rule-digest';
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
  const hashes = rules.slice(chunk * CHUNK, (chunk + 1) * CHUNK).map(hexDigest);
  return shortHash(hashes.join(' '));
}
