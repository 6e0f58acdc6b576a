// A stage of exact rules as a verdict map: `map map_saddr_dport { type ipv4_addr . inet_service : verdict; counter; … }`.
// A rule whose values an earlier one has already gets no element: no packet would come to it.

import type { Test } from '../../ir/formula';
import { digest } from '../../ir/rule-digest';
import type { Rule } from '../../ir/ruleset';
import { bigEndianBytes, uint16 } from '../../net/big-endian';
import type { Interval } from '../../net/interval-set';
import type { PacketFamily } from '../../packet/packet';
import { combinations, isSingle, testOf, testsOf } from '../../stage/exact-rule';
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
  { name, key: loads, rules }: VerdictMapStage,
  family: PacketFamily,
  keys: ReadonlyMap<string, string>,
): CompiledMap {
  const key = loads.map(load => keyFor(load, family));
  const taken = new Set<string>();
  const elements: MapElement[] = [];
  const reached = rules.map(rule => {
    const before = elements.length;
    for (const bytes of elementKeys(key, rule, family)) {
      const text = keyText(bytes);
      if (taken.has(text)) continue;
      taken.add(text);
      elements.push(elementOf(rule, bytes, keys));
    }
    return elements.length > before;
  });
  return { map: { name, key, elements }, reached };
}

/** Of all elements that the rule asks for. */
export function elementKeys(key: readonly SetKey[], rule: Rule, family: PacketFamily): readonly Uint8Array[] {
  const tests = testsOf(rule, family) as readonly Test[];
  const asked = key.map(({ load }) => testOf(tests, load, undefined) as Test);
  // Mostly there is one.
  if (asked.every(isSingle)) return [elementKey(key, asked.map(firstOf))];
  return combinations(asked).map(values => elementKey(key, values));
}

export function elementOf(rule: Rule, key: Uint8Array, keys: ReadonlyMap<string, string>): MapElement {
  const verdict = rule.action === 'block' ? 'drop' : 'accept';
  return { key, verdict, comment: commentOfRule(rule, keys), digest: digest(rule) };
}

/** Equal for equal keys of one map: a character for two bytes. */
export function keyText(key: Uint8Array): string {
  // An address and a port, as most are.
  if (key.length === 8) return String.fromCharCode(uint16(key, 0), uint16(key, 2), uint16(key, 4), uint16(key, 6));
  const characters: number[] = [];
  for (let i = 0; i < key.length; i += 2) characters.push(uint16(key, i));
  return String.fromCharCode(...characters);
}

function firstOf({ values }: Test): bigint {
  return (values[0] as Interval).from;
}

function elementKey(key: readonly SetKey[], values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(keyLength(key));
  let offset = 0;
  for (let index = 0; index < key.length; index++) {
    const { length } = key[index] as SetKey;
    writeBigEndian(bytes, offset, length, values[index] as bigint);
    offset += paddedLength(length);
  }
  return bytes;
}

function keyLength(key: readonly SetKey[]): number {
  let sum = 0;
  for (const { length } of key) sum += paddedLength(length);
  return sum;
}

/** nf_tables keeps the fields of a concatenation in registers of 4 bytes each. */
export function paddedLength(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function writeBigEndian(bytes: Uint8Array, offset: number, length: number, value: bigint): void {
  // Numbers of up to 4 bytes are most, and need no big ones.
  if (length <= 4) writeNumber(bytes, offset, length, Number(value));
  else bytes.set(bigEndianBytes(value, length), offset);
}

function writeNumber(bytes: Uint8Array, offset: number, length: number, value: number): void {
  let rest = value;
  for (let at = offset + length - 1; at >= offset; at--) {
    bytes[at] = rest & 0xff;
    rest >>>= 8;
  }
}
