// `ip.proto` is one of 256 names, so a comparison with any other string is a misspelling.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import { nearestNames } from '../../diagnostic/nearest';
import { subject } from '../../language/field/subject';
import type { BytesLiteral } from '../../language/typed-ast';
import { protocolNames } from '../../net/protocol-number';
import type { Condition } from './condition';
import type { ExaminedExpression } from './expression';

const NAMES: ReadonlySet<string> = new Set(Array.from({ length: 256 }, (_, number) => protocolNames(number)).flat());

export function unknownProtocol({ source, conditions }: ExaminedExpression): readonly Diagnostic[] {
  const compared = conditions.flatMap(protocolLiterals);
  return compared.flatMap(({ value, span }) => {
    const name = Buffer.from(value).toString();
    if (NAMES.has(name)) return [];
    return [diagnostic('unknownProtocol', span, { name: source.slice(span.start, span.end), cure: cureOf(name) })];
  });
}

/** Compared with the name itself, and not with a part of it or with what a function makes of it. */
function protocolLiterals(condition: Condition): readonly BytesLiteral[] {
  if (condition.kind !== 'comparison' || condition.left.base.kind !== 'field') return [];
  if (subject(condition.left).source.kind !== 'protocol_name') return [];
  const { test } = condition;
  if (test.kind === 'in_bytes') return test.items;
  const equality = test.kind === 'order' && (test.operator === 'eq' || test.operator === 'ne');
  return equality && test.right.kind === 'bytes' ? [test.right] : [];
}

function cureOf(name: string): string {
  const number = /^[0-9]{1,3}$/.test(name) ? Number(name) : 256;
  if (number < 256) return `number ${number} has the name "${protocolNames(number)[0]}"`;
  const nearest = nearestNames(name, NAMES).map(each => `"${each}"`);
  if (nearest.length > 0) return `did you mean ${nearest.join(' or ')}?`;
  return 'the names are those that IANA gives to protocol numbers, in small letters: "tcp", "udp", "icmp", "gre", "esp"';
}
