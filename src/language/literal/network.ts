// An item of a set of addresses: 192.0.2.1, 192.0.2.0/24 or 192.0.2.1..192.0.2.9. Host bits must be zero. As in
// Wirefilter, and only here, IPv4 may be short (10/8, 10.1/16) and its octets may have leading zeros, read as decimal.

import { type Span, span } from '../../diagnostic/span';
import { type Address, addressBits, parseAddress, prefixInterval, printAddress } from '../../net/address';
import type { LiteralText } from '../ast';
import { report, restFrom, type Scope } from '../scope';
import type { AddressItem } from '../typed-ast';
import { addressChunk } from './address';
import { addressHint, badAddressHint, maskHint } from './hint';
import { correctedNetwork, parseLooseAddress, printNetwork } from './network-text';

export function readAddressItem(scope: Scope, literal: LiteralText, name: string): AddressItem | undefined {
  const chunk = addressChunk(literal);
  const { start } = literal.span;
  if (chunk === '') {
    const hint = badAddressHint(scope, '', start, name) || addressHint(scope, start, name);
    return report(scope, 'addressExpected', restFrom(scope, start), { name, hint });
  }
  const at = span(start, start + chunk.length);
  const item = chunk.includes('..') ? range(scope, chunk, at, name) : network(scope, chunk, at, name);
  if (item === undefined || chunk.length === literal.text.length) return item;
  const bounds = correctedNetwork(literal.text.replace('-', '..'));
  const hint = bounds === undefined ? '' : `; a range is ${bounds}`;
  return report(scope, 'addressExpected', restFrom(scope, at.end), { name, hint });
}

function range(scope: Scope, chunk: string, at: Span, name: string): AddressItem | undefined {
  const split = chunk.indexOf('..');
  const bound = (from: number, to: number): Address | undefined => {
    const address = parseAddress(chunk.slice(from, to));
    const hint = (): string => badAddressHint(scope, chunk.slice(from, to), at.start + to, name);
    return address ?? report(scope, 'addressInvalid', span(at.start + from, at.start + to), { hint: hint() });
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

function network(scope: Scope, chunk: string, at: Span, name: string): AddressItem | undefined {
  const slash = chunk.lastIndexOf('/');
  const addressEnd = slash < 0 ? chunk.length : slash;
  const addressAt = span(at.start, at.start + addressEnd);
  const address = parseLooseAddress(chunk.slice(0, addressEnd));
  if (address === undefined) {
    const hint = badAddressHint(scope, chunk.slice(0, addressEnd), at.start + addressEnd, name);
    return report(scope, 'addressInvalid', addressAt, { hint });
  }
  const maximum = addressBits(address.family);
  if (slash < 0) return { from: address, to: address, prefix: maximum, span: at };
  const length = prefixLength(scope, chunk.slice(0, slash), chunk.slice(slash + 1), span(at.start + slash + 1, at.end));
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

function prefixLength(scope: Scope, address: string, text: string, at: Span): number | undefined {
  if (text === '') return report(scope, 'prefixMissing', at);
  if (!/^[0-9]+$/.test(text)) {
    const hint = maskHint(address, text);
    return report(scope, 'prefixInvalid', at, { problem: 'invalid digit found in string', hint });
  }
  const length = Number(text);
  if (length > 255)
    return report(scope, 'prefixInvalid', at, { problem: 'number too large to fit in target type', hint: '' });
  return length;
}
