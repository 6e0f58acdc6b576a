// Random expressions over the packet scheme, as text: every field, function, operator and spelling, by the types that the
// scheme gives them, so that a new field or function takes part without being named here.

// Random expressions over the packet scheme, as text: every field, function, operator and spelling, by the types that the
// scheme gives them, so that a new field or function takes part without being named here.

import fc from 'fast-check';
import type { LiteralOperator } from '../../src/language/ast';
import type { PacketField } from '../../src/language/field/packet-field';
import { PACKET_FIELDS, PACKET_FUNCTIONS } from '../../src/language/field/packet-scheme';
import type { FunctionDefinition } from '../../src/language/function/definition';
import { PACKET_LIMITS } from '../../src/language/limits';
import type { Parameter } from '../../src/language/scheme';
import { sameType, type Type } from '../../src/language/type';
import type { Value } from '../../src/language/value';
import { printAddress } from '../../src/net/address';
import { LISTS } from './expressions';
import { address, addressItem, bytes, int, spelledBytes, spelledInt, type Text } from './generate-literal';
import { regex, wildcard } from './generate-pattern';
import { observed } from './observed';

/** Without those that packets alone do not have. */
const FIELDS: readonly PacketField[] = [...PACKET_FIELDS.values()].filter(({ source }) => source.kind !== 'external');

const SPELLINGS: Readonly<Record<LiteralOperator, readonly [string, ...string[]]>> = {
  eq: ['==', 'eq'],
  ne: ['!=', 'ne'],
  lt: ['<', 'lt'],
  le: ['<=', 'le'],
  gt: ['>', 'gt'],
  ge: ['>=', 'ge'],
  bitwise_and: ['&', 'bitwise_and'],
  contains: ['contains'],
  matches: ['matches', '~'],
  wildcard: ['wildcard'],
  'strict wildcard': ['strict wildcard'],
};
const ORDER = (['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).flatMap(operator => SPELLINGS[operator]);

/** One condition. Chosen by type first: there are more flags than addresses. */
const condition: Text = fc.oneof(
  ...ofType('Ip', 2),
  ...ofType('Int', 4),
  ...ofType('Bytes', 4),
  ...ofType('Bool', 1),
  ...[...PACKET_FUNCTIONS.values()].map(definition => ({ weight: 1, arbitrary: onCall(definition) })),
);

const NOT = ['not ', '!'];
const JUNCTIONS = [' and ', ' && ', ' or ', ' || ', ' xor ', ' ^^ '];

/** Conditions under any nesting of the four operators. Brackets around one alone are what a smaller case leaves. */
export const expression: Text = fc
  .letrec<{ formula: string }>(tie => ({
    formula: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      { weight: 2, arbitrary: condition },
      {
        weight: 3,
        arbitrary: fc
          .tuple(
            fc.constantFrom('', '', ...NOT),
            fc.constantFrom(...JUNCTIONS),
            fc.array(tie('formula'), { minLength: 1, maxLength: 3 }),
          )
          .map(([not, junction, operands]) => `${not}(${operands.join(junction)})`),
      },
    ),
  }))
  .formula.filter(text => text.length <= (PACKET_LIMITS.length ?? 0));

function ofType(kind: Type['kind'], weight: number): { weight: number; arbitrary: Text }[] {
  const fields = FIELDS.filter(({ type }) => type.kind === kind);
  if (fields.length === 0) return [];
  const on = ({ name, type }: PacketField) => conditionOn(name, type, observed(name));
  return [{ weight, arbitrary: fc.constantFrom(...fields).chain(on) }];
}

/** A call with any field that it takes and its literals; then a condition on what it returns of the values there are. */
function onCall({ signature, execute }: FunctionDefinition): Text {
  const [first, ...others] = signature.parameters;
  const fields = FIELDS.filter(({ type }) => first !== undefined && sameType(type, first.type));
  return fc.constantFrom(...fields).chain(({ name }) =>
    literalArguments(signature.name, others, observed(name)).chain(literals => {
      const written = [name, ...literals.map(({ text }) => text)].join(', ');
      const results = observed(name).flatMap(value => execute([value, ...literals.map(each => each.value)]) ?? []);
      return conditionOn(`${signature.name}(${written})`, signature.returns, results);
    }),
  );
}

interface WrittenLiteral {
  readonly text: string;
  readonly value: Value;
}

function literalArguments(
  name: string,
  parameters: readonly Parameter[],
  values: readonly Value[],
): fc.Arbitrary<readonly WrittenLiteral[]> {
  if (name === 'bit_slice') return bitSliceArguments;
  const which = name === 'ends_with' ? 'suffix' : 'prefix';
  return fc.tuple(
    ...parameters.map(({ type }) => {
      if (type.kind === 'Int') return int([]).map(value => ({ text: String(value), value }));
      // Pairs of digits would be read as an integer where any literal may stand.
      const quoted = (value: Uint8Array) => spelledBytes(value).filter(text => text.includes('"'));
      return bytes(values, which).chain(value => quoted(value).map(text => ({ text, value })));
    }),
  );
}

/** Bits from..to, at most 32 of the first 2,040, mostly in the first headers. */
const bitSliceArguments: fc.Arbitrary<readonly WrittenLiteral[]> = fc
  .tuple(fc.oneof(fc.nat(200), fc.nat(200), fc.nat(2039)), fc.integer({ min: 1, max: 32 }))
  .map(([start, width]) => [start, Math.min(start + width, 2040)])
  .map(ends => ends.map(end => ({ text: String(end), value: BigInt(end) })));

/** A test of a value of that type, with literals like the values given. */
function conditionOn(left: string, type: Type, values: readonly Value[]): Text {
  switch (type.kind) {
    case 'Bool':
      return fc.constant(left);
    case 'Int':
      return onInt(left, values);
    case 'Ip':
      return onAddress(left, values);
    case 'Bytes':
      return onBytes(left, values);
    default:
      throw new Error(`the packet scheme has no values of type ${type.kind}`);
  }
}

function onInt(left: string, values: readonly Value[]): Text {
  const literal = int(values).chain(spelledInt);
  const range = fc
    .tuple(int(values), int(values))
    .chain(([a, b]) => fc.tuple(spelledInt(a < b ? a : b), spelledInt(a < b ? b : a)))
    .map(ends => ends.join('..'));
  return fc.oneof(
    { weight: 4, arbitrary: compared(left, ORDER, literal) },
    { weight: 1, arbitrary: compared(left, SPELLINGS.bitwise_and, literal) },
    { weight: 2, arbitrary: inSet(left, fc.oneof(literal, range)) },
  );
}

function onAddress(left: string, values: readonly Value[]): Text {
  return fc.oneof(
    compared(left, ORDER, address(values).map(printAddress)),
    inSet(left, addressItem(values)),
    fc.constantFrom(...Object.keys(LISTS)).map(list => `${left} in $${list}`),
  );
}

function onBytes(left: string, values: readonly Value[]): Text {
  const compare = fc.oneof(bytes(values, 'whole'), bytes(values, 'prefix')).chain(spelledBytes);
  const pattern = regex(values).map(text => `r"${text}"`);
  return fc.oneof(
    compared(left, ORDER, compare),
    compared(left, SPELLINGS.contains, bytes(values, 'piece').chain(spelledBytes)),
    compared(left, SPELLINGS.matches, pattern),
    compared(left, [...SPELLINGS.wildcard, ...SPELLINGS['strict wildcard']], wildcard(values)),
    inSet(left, compare),
  );
}

function compared(left: string, spellings: readonly string[], right: Text): Text {
  return fc.tuple(fc.constantFrom(...spellings), right).map(([sign, literal]) => `${left} ${sign} ${literal}`);
}

function inSet(left: string, item: Text): Text {
  return fc.array(item, { maxLength: 4 }).map(items => `${left} in {${items.join(' ')}}`);
}
