// Whether what is known beside a condition proves that a packet has something: a protocol, a header, an IP version. It
// looks at each condition alone, so "no" may mean "not seen"; "yes" is certain.

import { unreachable } from '../../diagnostic/invariant';
import { subject } from '../../language/field/subject';
import type { Comparison, TypedValue } from '../../language/typed-ast';
import type { PacketFamily } from '../../packet/packet';
import { type Formula, not, type Scan, type Test, TRUE } from '../formula';
import { lower } from '../lower';
import { settlePresent } from '../rewrite/settle-present';
import { asksExternal, asksList, type Condition, isNe } from './condition';
import type { Known } from './denial';

/** True of a test that cannot hold without what is asked for. */
export type Need = (test: Test | Scan) => boolean;

export function proves({ expression, holds }: Known, family: PacketFamily, need: Need): boolean {
  switch (expression.kind) {
    case 'comparison':
    case 'truth':
      return inFormula(knownFormula(expression, holds, family), need);
    case 'not':
      return proves({ expression: expression.operand, holds: !holds }, family, need);
    case 'and':
    case 'or': {
      const parts = expression.operands.map(operand => ({ expression: operand, holds }));
      const proved = (part: Known): boolean => proves(part, family, need);
      return (expression.kind === 'and') === holds ? parts.some(proved) : parts.every(proved);
    }
    case 'xor':
    case 'any':
    case 'all':
      return false;
    default:
      return unreachable(expression);
  }
}

function inFormula(formula: Formula, need: Need): boolean {
  switch (formula.kind) {
    case 'constant':
      return !formula.value;
    case 'test':
    case 'scan':
      return need(formula);
    case 'and':
      return formula.operands.some(operand => inFormula(operand, need));
    case 'or':
      return formula.operands.every(operand => inFormula(operand, need));
    case 'not':
    case 'xor':
      return false;
    default:
      return unreachable(formula);
  }
}

/** A condition is known beside every other one of its conjunction, so each is lowered once. */
const LOWERED = new WeakMap<Condition, Map<string, Formula>>();

function knownFormula(condition: Condition, holds: boolean, family: PacketFamily): Formula {
  const known = LOWERED.get(condition) ?? new Map<string, Formula>();
  LOWERED.set(condition, known);
  const key = `${holds} ${family}`;
  const formula = known.get(key) ?? formulaOf(condition, holds, family);
  known.set(key, formula);
  return formula;
}

/** Of a condition on payloads and lists only that its field is there: lowering them whole costs, and tells no more. */
function formulaOf(condition: Condition, holds: boolean, family: PacketFamily): Formula {
  if (asksExternal(condition)) return TRUE;
  if (asksList(condition) || subject(condition.left).source.kind === 'segment') {
    return holds === isNe(condition) ? TRUE : presence(condition.left, family);
  }
  const formula = lower(condition, { family, lists: undefined, site: undefined, problems: [] });
  return settlePresent(holds ? formula : not(formula), family);
}

/** What holds of the packets of a family that have the field. */
export function presence(value: TypedValue, family: PacketFamily): Formula {
  const field = subject(value);
  const { kind } = field.source;
  if ((kind !== 'header' && kind !== 'segment') || field.type.kind === 'Ip') return TRUE;
  const { span } = value;
  const right =
    field.type.kind === 'Bytes'
      ? ({ kind: 'bytes', value: new Uint8Array(0), form: 'quoted', span } as const)
      : ({ kind: 'int', value: 0n, span } as const);
  const left: TypedValue = { ...value, base: { kind: 'field', field, span }, path: [] };
  const least: Comparison = {
    kind: 'comparison',
    left,
    test: { kind: 'order', operator: 'ge', right },
    type: left.type,
    span,
  };
  return lower(least, { family, lists: undefined, site: undefined, problems: [] });
}
