// A stage of exact rules as a verdict map: `map map_saddr_dport { type ipv4_addr . inet_service : verdict; counter; … }`.
// A rule whose values an earlier one has already gets no element: no packet would come to it.

import type { Rule } from '../../ir/ruleset';
import { uint16 } from '../../net/big-endian';
import type { PacketFamily } from '../../packet/packet';
import type { VerdictMapStage } from '../../stage/stage';
import { commentOfRule } from './rule-comment';
import { keyFor } from './set';
import type { MapElement, NftVerdictMap, SetKey } from './table';

export interface CompiledMap {
  readonly map: NftVerdictMap;
  /** Whether a packet can come to it, of each rule. */
  readonly reached: readonly boolean[];
}

export function verdictMap(
  { name, key: loads, rules, entries }: VerdictMapStage,
  family: PacketFamily,
  keys: ReadonlyMap<string, string>,
): CompiledMap {
  const key = loads.map(load => keyFor(load, family));
  const taken = new Set<string>();
  const elements: MapElement[] = [];
  const reached: boolean[] = rules.map(() => false);
  let position = 0;
  for (const { rule, values } of entries) {
    while (rules[position] !== rule) position++;
    const bytes = elementKey(key, values);
    const text = keyText(bytes);
    if (taken.has(text)) continue;
    taken.add(text);
    elements.push(elementOf(rule, bytes, keys));
    reached[position] = true;
  }
  return { map: { name, key, elements }, reached };
}

export function elementOf(rule: Rule, key: Uint8Array, keys: ReadonlyMap<string, string>): MapElement {
  return { key, verdict: rule.action === 'block' ? 'drop' : 'accept', comment: commentOfRule(rule, keys) };
}

/** Equal for equal keys of one map: a character for two bytes. */
export function keyText(key: Uint8Array): string {
  const characters: number[] = [];
  for (let i = 0; i < key.length; i += 2) characters.push(uint16(key, i));
  return String.fromCharCode(...characters);
}

export function elementKey(key: readonly SetKey[], values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(key.reduce((sum, { length }) => sum + paddedLength(length), 0));
  let offset = 0;
  for (const [index, { length }] of key.entries()) {
    writeBigEndian(bytes, offset, length, values[index] ?? 0n);
    offset += paddedLength(length);
  }
  return bytes;
}

/** nf_tables keeps the fields of a concatenation in registers of 4 bytes each. */
export function paddedLength(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function writeBigEndian(bytes: Uint8Array, offset: number, length: number, value: bigint): void {
  // Numbers of up to 4 bytes are most, and need no big ones.
  let low = Number(value & 0xffffffffn);
  let rest = value >> 32n;
  for (let at = offset + length - 1, count = 0; at >= offset; at--, count++) {
    if (count > 0 && count % 4 === 0) {
      low = Number(rest & 0xffffffffn);
      rest >>= 32n;
    }
    bytes[at] = low & 0xff;
    low >>>= 8;
  }
}
