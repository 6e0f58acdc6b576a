// One IP address, as it stands after == and the other ordering operators: strict text, no prefix, no range. The literal
// is the longest run of address characters, so `192.0.2.1a` is one wrong address.

import { span } from '../../diagnostic/span';
import { parseAddress } from '../../net/address';
import type { LiteralText } from '../ast';
import { report, restFrom, type Scope } from '../scope';
import type { AddressLiteral } from '../typed-ast';
import type { Compared } from './compared';
import { addressHint, badAddressHint } from './hint';
import { correctedNetwork } from './network-text';

export function readAddress(scope: Scope, literal: LiteralText, compared: Compared): AddressLiteral | undefined {
  const { name, inSet } = compared;
  const chunk = addressChunk(literal);
  const { start } = literal.span;
  if (chunk === '')
    return report(scope, 'addressExpected', restFrom(scope, start), { name, hint: addressHint(scope, start, inSet) });
  const at = span(start, start + chunk.length);
  const value = parseAddress(chunk);
  if (value !== undefined) {
    return chunk.length === literal.text.length
      ? { kind: 'address', value, span: literal.span }
      : report(scope, 'restAfterLiteral', restFrom(scope, at.end), { cure: restCure(literal.text, inSet) });
  }
  const corrected = correctedNetwork(chunk);
  return corrected === undefined
    ? report(scope, 'addressInvalid', at, { hint: badAddressHint(scope, chunk, at.end, inSet) })
    : report(scope, 'networkOutsideSet', at, { corrected: `${inSet} {${corrected}}` });
}

function restCure(text: string, inSet: string): string {
  const range = correctedNetwork(text.replace('-', '..'));
  return range === undefined ? 'a space ends an address' : `a range stands in a set: \`${inSet} {${range}}\``;
}

export function addressChunk(literal: LiteralText): string {
  return literal.form === 'chunk' ? (/^[0-9a-fA-F:./]*/.exec(literal.text)?.[0] ?? '') : '';
}
