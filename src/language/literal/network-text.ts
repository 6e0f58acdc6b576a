// Networks as text, without a place in a source: what a short or wrong one stands for, and how it is to be written.

import { type Address, addressBits, parseAddress, prefixInterval, printAddress } from '../../net/address';

/** One to four decimal octets, padded with zeros, or strict IPv6. */
export function parseLooseAddress(text: string): Address | undefined {
  if (text.includes(':')) return parseAddress(text);
  const octets = text.split('.');
  if (octets.length > 4 || !octets.every(octet => /^[0-9]+$/.test(octet) && Number(octet) <= 255)) return undefined;
  const padded = [...octets.map(Number), 0, 0, 0].slice(0, 4);
  return { family: 4, value: padded.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n) };
}

/** How a network or range that stands outside a set is to be written inside; undefined if it is neither. */
export function correctedNetwork(text: string): string | undefined {
  const bounds = text.split('..').map(parseAddress);
  if (bounds.length === 2 && !bounds.includes(undefined)) return text;
  const [address, length = '', ...more] = text.split('/');
  const parsed = parseAddress(address ?? '');
  if (parsed === undefined || more.length > 0 || !/^[0-9]{1,3}$/.test(length)) return undefined;
  return Number(length) > addressBits(parsed.family) ? undefined : printNetwork(parsed, Number(length));
}

export function printNetwork(address: Address, length: number): string {
  return `${printAddress({ family: address.family, value: prefixInterval(address, length).from })}/${length}`;
}

/** An address or a network without host bits, strictly spelled. */
export function parseNetwork(text: string): { readonly address: Address; readonly length: number } | undefined {
  const [address, length, ...more] = text.split('/');
  const parsed = parseAddress(address ?? '');
  if (parsed === undefined || more.length > 0) return undefined;
  const bits = addressBits(parsed.family);
  if (length === undefined) return { address: parsed, length: bits };
  const valid = /^[0-9]{1,3}$/.test(length) && Number(length) <= bits;
  return valid && prefixInterval(parsed, Number(length)).from === parsed.value
    ? { address: parsed, length: Number(length) }
    : undefined;
}
