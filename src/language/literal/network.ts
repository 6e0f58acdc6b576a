// An item of a set of addresses: 192.0.2.1, 192.0.2.0/24 or 192.0.2.1..192.0.2.9. Host bits must be zero. As in
// Wirefilter, and only here, IPv4 may be short (10/8, 10.1/16) and its octets may have leading zeros, read as decimal.

import { type Span, span } from '../../diagnostic/span';
import { type Address, addressBits, parseAddress, prefixInterval, printAddress } from '../../net/address';
import type { LiteralText } from '../ast';
import { report, restFrom, type Scope } from '../scope';
import type { AddressItem } from '../typed-ast';
import { addressChunk } from './address';
import { parseLooseAddress, printNetwork } from './network-text';

export function readAddressItem(scope: Scope, literal: LiteralText, name: string): AddressItem | undefined {
  const chunk = addressChunk(literal);
  const { start } = literal.span;
  if (chunk === '') return report(scope, 'addressExpected', restFrom(scope, start), { name });
  const at = span(start, start + chunk.length);
  const item = chunk.includes('..') ? range(scope, chunk, at) : network(scope, chunk, at);
  if (item === undefined || chunk.length === literal.text.length) return item;
  return report(scope, 'addressExpected', restFrom(scope, at.end), { name });
}

function range(scope: Scope, chunk: string, at: Span): AddressItem | undefined {
  const split = chunk.indexOf('..');
  const bound = (from: number, to: number): Address | undefined => {
    const address = parseAddress(chunk.slice(from, to));
    return address ?? report(scope, 'addressInvalid', span(at.start + from, at.start + to));
  };
  const from = bound(0, split);
  const to = from === undefined ? undefined : bound(split + 2, chunk.length);
  if (from === undefined || to === undefined) return undefined;
  if (from.family !== to.family) return report(scope, 'rangeBounds', at, { cure: 'both bounds are of one IP version' });
  if (from.value > to.value) {
    const swapped = `${printAddress(to)}..${printAddress(from)}`;
    return report(scope, 'rangeBounds', at, { cure: `the smaller bound comes first: ${swapped}` });
  }
  return { from, to, prefix: undefined, span: at };
}

function network(scope: Scope, chunk: string, at: Span): AddressItem | undefined {
  const slash = chunk.lastIndexOf('/');
  const addressEnd = slash < 0 ? chunk.length : slash;
  const addressAt = span(at.start, at.start + addressEnd);
  const address = parseLooseAddress(chunk.slice(0, addressEnd));
  if (address === undefined) return report(scope, 'addressInvalid', addressAt);
  const maximum = addressBits(address.family);
  if (slash < 0) return { from: address, to: address, prefix: maximum, span: at };
  const length = prefixLength(scope, chunk.slice(slash + 1), span(at.start + slash + 1, at.end));
  if (length === undefined) return undefined;
  if (length > maximum) {
    const words = { length: String(length), family: String(address.family), maximum: String(maximum) };
    return report(scope, 'prefixTooLong', at, words);
  }
  const { from, to } = prefixInterval(address, length);
  if (from !== address.value) {
    const words = { network: printNetwork(address, length), host: printAddress(address) };
    return report(scope, 'hostBits', addressAt, words);
  }
  return { from: address, to: { family: address.family, value: to }, prefix: length, span: at };
}

function prefixLength(scope: Scope, text: string, at: Span): number | undefined {
  if (text === '') return report(scope, 'prefixMissing', at);
  if (!/^[0-9]+$/.test(text)) {
    return report(scope, 'prefixInvalid', at, { problem: 'invalid digit found in string' });
  }
  const length = Number(text);
  if (length > 255) return report(scope, 'prefixInvalid', at, { problem: 'number too large to fit in target type' });
  return length;
}
