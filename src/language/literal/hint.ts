// What a wrong literal was probably meant to be, as the end of a cure; empty where nobody can tell.

import { parseAddress, printAddress } from '../../net/address';
import type { Scope } from '../scope';
import { correctedNetwork, parseLooseAddress } from './network-text';

/** At a place where an address is wanted: one in quotes or brackets, or another field. */
export function addressHint(scope: Scope, at: number, inSet: string): string {
  const text = scope.source.slice(at, scope.extent.end);
  const bare = /^["'`“”‘’[]([0-9a-fA-F:./]+)["'`“”‘’\]]/.exec(text)?.[1];
  if (bare === undefined) return fieldHint(scope, text);
  if (parseAddress(bare) !== undefined) return `: ${bare}`;
  const network = correctedNetwork(bare);
  return network === undefined ? '' : `; a network stands in a set: \`${inSet} {${network}}\``;
}

/** Of what should have been an address: part of a network, zeros before digits, a space before `/`. */
export function badAddressHint(scope: Scope, text: string, end: number, inSet: string): string {
  if (text === '' && scope.source.charAt(end) === '/') return '; there is no space around `/`';
  const octets = text.replace(/\.$/, '').split('.');
  const whole = octets.length === 4 ? parseLooseAddress(text) : undefined;
  if (whole !== undefined) return `: ${printAddress(whole)}`;
  const network = octets.length < 4 ? parseLooseAddress(octets.join('.')) : undefined;
  if (network === undefined || !text.includes('.')) return '';
  return `; for all that begin so: \`${inSet} {${printAddress(network)}/${octets.length * 8}}\``;
}

/** Of a netmask in the place of a length. */
export function maskHint(address: string, mask: string): string {
  const value = parseAddress(mask);
  if (value?.family !== 4) return '';
  const inverse = ~value.value & 0xffffffffn;
  if ((inverse & (inverse + 1n)) !== 0n) return '';
  return `: ${address}/${32 - inverse.toString(2).replace(/^0$/, '').length}`;
}

/** Where a number is wanted: one in quotes, another field, a flag of the field. */
export function numberHint(scope: Scope, at: number, name: string): string {
  const text = scope.source.slice(at, scope.extent.end);
  const quoted = /^["'`“”‘’]([0-9]+)["'`“”‘’]/.exec(text)?.[1];
  if (quoted !== undefined) return `; without quotes: ${quoted}`;
  const word = /^[A-Za-z0-9_.]+/.exec(text)?.[0] ?? '';
  const part = `${name}.${word}`;
  return scope.scheme.fields.has(part) ? `; that it is set is the condition \`${part}\`` : fieldHint(scope, text);
}

function fieldHint(scope: Scope, text: string): string {
  const word = /^[A-Za-z0-9_.]+/.exec(text)?.[0] ?? '';
  return scope.scheme.fields.has(word) ? '; two fields cannot be compared' : '';
}

/** A string as it should have been written. */
export function bytesCure(text: string): string {
  const digits = /^0x((?:[0-9A-Fa-f]{2})+)$/.exec(text)?.[1];
  const pairs = digits?.match(/../g) ?? [];
  if (pairs.length > 1) return `a byte string is pairs of hexadecimal digits: ${pairs.join(':')}`;
  if (pairs.length === 1) return `a single byte is written "\\x${pairs[0]}"`;
  return `a string takes double quotes: "${text}"; a byte string is pairs of hexadecimal digits such as 61:62`;
}
