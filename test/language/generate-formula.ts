// Random ASTs for properties over the whole syntax. Spans are all zero: they are not compared.

import fc from 'fast-check';
import type {
  Argument,
  Call,
  Formula,
  LiteralOperator,
  LiteralText,
  Name,
  Step,
  Test,
  Value,
} from '../../src/language/ast';

const SPAN = { start: 0, end: 0 };

const CERTAIN_NAMES = ['ip.src', 'tcp.dstport', 'any', 'all', 'order', 'not.x', '_9', 'in', 'x1.y2'];
const POSSIBLE_LITERALS = ['10', 'abc', 'ab.cd', '1.2.3.4', '0'];

const name = fc.constantFrom(...CERTAIN_NAMES).map((text): Name => nameOf(text, false));
const argumentName = fc.oneof(
  name,
  fc.constantFrom(...POSSIBLE_LITERALS).map((text): Name => nameOf(text, true)),
);

function nameOf(text: string, word: boolean): Name {
  return { kind: 'name', name: text, perhapsLiteral: word, span: SPAN };
}

function literal(form: LiteralText['form'], text: string): LiteralText {
  return { kind: 'literal', form, text, span: SPAN };
}

const string = fc.oneof(
  fc.constantFrom('""', '"a"', '"a\\"b"', '"(and)"', '"\\x41\n"', '"é"').map(text => literal('quoted', text)),
  fc.constantFrom('r""', 'r#"a"b"#', 'r##"x"#y"##', 'r"\\"').map(text => literal('raw', text)),
);
const pattern = fc.oneof(
  string,
  fc.constantFrom('"["]"', '"[\\"]"', '"\\["', '"a|b"').map(text => literal('quoted', text)),
);
const chunk = fc
  .constantFrom('80', '-1', '0x1f', '::1', '192.0.2.1', '10.0.0.0/8', '1..5', '61:62', '2001:db8::/32', 'abc')
  .map(text => literal('chunk', text));
const anyLiteral = fc.oneof(string, chunk);
/** Not those that could be names. */
const argumentLiteral = fc.oneof(
  string,
  fc.constantFrom('-1', '::1', '61:62', '10.0.0.0/8').map(text => literal('chunk', text)),
);

const step = fc.constantFrom<Step>(
  { kind: 'each', text: '*', textSpan: SPAN, span: SPAN },
  { kind: 'chunk', text: '0', textSpan: SPAN, span: SPAN },
  { kind: 'chunk', text: '0x10', textSpan: SPAN, span: SPAN },
  { kind: 'quoted', text: '"k]"', textSpan: SPAN, span: SPAN },
);

const compared = (operators: readonly LiteralOperator[], right: fc.Arbitrary<LiteralText>): fc.Arbitrary<Test> =>
  fc
    .tuple(fc.constantFrom(...operators), right)
    .map(([operator, text]) => ({ kind: 'literal', operator, right: text, operatorSpan: SPAN }));

const test: fc.Arbitrary<Test> = fc.oneof(
  compared(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'bitwise_and', 'contains'], anyLiteral),
  compared(['matches'], pattern),
  compared(['wildcard', 'strict wildcard'], string),
  fc.array(anyLiteral, { maxLength: 4 }).map((items): Test => ({ kind: 'set', items, operatorSpan: SPAN })),
  fc
    .constantFrom('office', 'cf.malware')
    .map((list): Test => ({ kind: 'list', name: list, nameSpan: SPAN, operatorSpan: SPAN })),
);

// A type, not an interface: fast-check wants one that is a record.
type Parts = {
  readonly formula: Formula;
  readonly value: Value;
  readonly argumentValue: Value;
  readonly call: Call;
  readonly argument: Argument;
};

const parts = fc.letrec<Parts>(tie => ({
  formula: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'formula' },
    tie('value').map((value): Formula => ({ kind: 'truth', value, span: SPAN })),
    fc
      .tuple(tie('value'), test)
      .map(([left, right]): Formula => ({ kind: 'comparison', left, test: right, span: SPAN })),
    tie('formula').map((operand): Formula => ({ kind: 'not', operand, span: SPAN })),
    fc
      .tuple(fc.constantFrom('and', 'xor', 'or'), fc.array(tie('formula'), { minLength: 2, maxLength: 3 }))
      .map(([kind, operands]): Formula => ({ kind, operands, span: SPAN })),
    fc
      .tuple(fc.constantFrom('any', 'all'), tie('argument'))
      .map(([kind, argument]): Formula => ({ kind, argument, span: SPAN })),
  ),
  value: valueWith(fc.oneof({ maxDepth: 3, depthIdentifier: 'formula' }, name, tie('call'))),
  argumentValue: valueWith(fc.oneof({ maxDepth: 3, depthIdentifier: 'formula' }, argumentName, tie('call'))),
  call: fc.tuple(fc.constantFrom('lower', 'concat', 'f1'), fc.array(tie('argument'), { maxLength: 3 })).map(
    ([called, list]): Call => ({
      kind: 'call',
      name: called,
      nameSpan: SPAN,
      arguments: list,
      argumentsSpan: SPAN,
      span: SPAN,
    }),
  ),
  argument: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'formula' },
    argumentLiteral,
    tie('argumentValue'),
    tie('formula').map((formula): Argument => ({ kind: 'formula', formula, span: SPAN })),
  ),
}));

function valueWith(base: fc.Arbitrary<Name | Call>): fc.Arbitrary<Value> {
  return fc
    .tuple(base, fc.array(step, { maxLength: 2 }))
    .map(([named, path]): Value => ({ kind: 'value', base: named, path, span: SPAN }));
}

export const anyFormula: fc.Arbitrary<Formula> = parts.formula;

/** The formula with every span zero. */
export function withoutSpans(formula: Formula): unknown {
  return JSON.parse(JSON.stringify(formula, (key, value: unknown) => (/span$/i.test(key) ? SPAN : value)));
}
