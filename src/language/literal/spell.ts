// Values as literals: the one canonical spelling of each.

import { type Address, addressBits, printAddress } from '../../net/address';
import type { AddressItem, BytesLiteral } from '../typed-ast';

export function spellInt(value: bigint): string {
  return String(value);
}

export function spellIntRange(from: bigint, to: bigint): string {
  return from === to ? String(from) : `${from}..${to}`;
}

export function spellAddress(address: Address): string {
  return printAddress(address);
}

export function spellAddressItem({ from, to, prefix }: AddressItem): string {
  if (prefix === undefined) return `${printAddress(from)}..${printAddress(to)}`;
  return prefix === addressBits(from.family) ? printAddress(from) : `${printAddress(from)}/${prefix}`;
}

/** In the form it came in. A byte string has at least two bytes; the other forms can spell any text. */
export function spellBytes(value: Uint8Array, form: BytesLiteral['form']): string {
  if (form === 'byte_string') return [...value].map(hexByte).join(':');
  return form === 'raw' ? spellRaw(Buffer.from(value).toString()) : spellQuoted(value);
}

/** A pattern is spelled raw: its backslashes need no thought. */
export function spellRegex(pattern: string): string {
  return spellRaw(pattern);
}

function spellRaw(text: string): string {
  const longest = Math.max(-1, ...[...text.matchAll(/"(#*)/g)].map(match => match[1]?.length ?? 0));
  const hashes = '#'.repeat(longest + 1);
  return `r${hashes}"${text}"${hashes}`;
}

/** Printable UTF-8 stands as it is; quotes and backslashes are escaped, all other bytes are \xHH. */
function spellQuoted(value: Uint8Array): string {
  const text = Buffer.from(value).toString();
  if (Buffer.from(text).equals(value) && !/\p{Cc}/u.test(text)) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  return `"${[...value].map(spellByte).join('')}"`;
}

function spellByte(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${hexByte(byte)}`;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
