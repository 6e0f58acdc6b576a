// The conditions that an expression wants to be untrue: `x ne 1`, `not x == 1`, `not (x == 1 or y == 2)`. Where a field is
// absent they hold, which is easily forgotten. Each comes with what must hold or not hold besides for it to matter.
// A negated conjunction is no denial of its parts: it takes a combination away and lets everything else pass on purpose.

import { unreachable } from '../../diagnostic/invariant';
import type { Span } from '../../diagnostic/span';
import { subject } from '../../language/field/subject';
import type { TypedExpression } from '../../language/typed-ast';
import { type Condition, everyCondition, isNe } from './condition';

export interface Denial {
  /** What is denied; of `ne` the comparison itself. */
  readonly condition: Condition;
  /** As written, or as it could be. */
  readonly text: string;
  readonly span: Span;
  /** One array for all denials of a conjunction. */
  readonly known: readonly Known[];
}

/** A condition beside another one that holds, or does not hold, wherever that one matters. */
export interface Known {
  readonly expression: TypedExpression;
  readonly holds: boolean;
}

interface Around {
  /** What the node has to be. */
  readonly holds: boolean;
  readonly known: readonly Known[];
  /** The `not` that reaches it through nothing but `or`. */
  readonly denied: Span | undefined;
}

export function denialsOf(source: string, expression: TypedExpression): readonly Denial[] {
  return walk(source, expression, { holds: true, known: [], denied: undefined });
}

function walk(source: string, node: TypedExpression, around: Around): readonly Denial[] {
  switch (node.kind) {
    case 'comparison':
    case 'truth':
      return denial(source, node, around);
    case 'not':
      return walk(source, node.operand, { ...around, holds: !around.holds, denied: node.span });
    case 'and':
    case 'or': {
      const together = (node.kind === 'and') === around.holds;
      if (together) {
        // All parts share what is known: where the whole holds, each of them does, the denied one too.
        const known = [...around.known, ...node.operands.map(knownAs(around.holds))];
        return node.operands.flatMap(operand => walk(source, operand, { ...around, known }));
      }
      const onProtocols = node.operands.filter(onProtocol);
      return node.operands.flatMap(operand => {
        const others = onProtocols.filter(other => other !== operand).map(knownAs(!around.holds));
        return walk(source, operand, { ...around, known: [...around.known, ...others], denied: undefined });
      });
    }
    case 'xor':
      return node.operands.flatMap(operand => walk(source, operand, { ...around, holds: true, denied: undefined }));
    case 'any':
    case 'all':
      return [];
    default:
      return unreachable(node);
  }
}

function denial(source: string, condition: Condition, { holds, known, denied }: Around): readonly Denial[] {
  const { span } = condition;
  const own = source.slice(span.start, span.end);
  if (isNe(condition)) return holds ? [{ condition, text: own, span, known }] : [];
  if (holds || denied === undefined) return [];
  const isWhole = denied.end === span.end;
  return [
    {
      condition,
      text: isWhole ? source.slice(denied.start, denied.end) : `not ${own}`,
      span: isWhole ? denied : span,
      known,
    },
  ];
}

function knownAs(holds: boolean): (expression: TypedExpression) => Known {
  return expression => ({ expression, holds });
}

/**
 * `ip.proto ne "tcp" or tcp.dstport ne 80` has said what is to become of other protocols. Other alternatives say nothing:
 * of `tcp.srcport ne 1 or tcp.dstport ne 2` each would excuse the other.
 */
function onProtocol(expression: TypedExpression): boolean {
  return everyCondition(expression, ({ left }) => /^ip\.proto(\.num)?$/.test(subject(left).name));
}
