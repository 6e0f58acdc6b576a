// A value, an operator and what it is compared with. The type of the value decides which operators there are and how
// the literal is read.

import { unreachable } from '../../diagnostic/invariant';
import { span } from '../../diagnostic/span';
import type * as ast from '../ast';
import { readAddress } from '../literal/address';
import { readBytes } from '../literal/bytes';
import type { Compared } from '../literal/compared';
import { readInt } from '../literal/int';
import { readRegex } from '../literal/regex';
import { readWildcard } from '../literal/wildcard';
import { report, restFrom, type Scope } from '../scope';
import { arrayOf, BOOL, printType } from '../type';
import type { Comparison, Literal, TypedTest, TypedValue } from '../typed-ast';
import { conditionType, isNestedCondition } from './condition';
import { checkList, checkSet } from './membership';
import { isSupported, operatorsOf } from './operator';
import { checkValue, sourceOf } from './value';

export function checkComparison(scope: Scope, comparison: ast.Comparison): Comparison | undefined {
  const left = checkValue(scope, comparison.left);
  if (left === undefined) return undefined;
  const test = checkTest(scope, left, comparison.test);
  return test && { kind: 'comparison', left, test, type: left.each ? arrayOf(BOOL) : BOOL, span: comparison.span };
}

function checkTest(scope: Scope, left: TypedValue, test: ast.Test): TypedTest | undefined {
  const name = sourceOf(scope, left.span);
  if (isNestedCondition(left)) {
    return report(scope, 'nestedConditions', span(left.span.end, left.span.end), {
      type: printType(arrayOf(left.type)),
    });
  }
  if (conditionType(left) !== undefined)
    return report(scope, 'boolTakesNoOperator', restFrom(scope, left.span.end), { name });
  if (test.kind === 'list' && !isListName(test.name)) return badListName(scope, test);
  if (!isSupported(test.kind === 'literal' ? test.operator : 'in', left.type)) {
    const cure = `operators for ${printType(left.type)}: ${operatorsOf(left.type)}`;
    return report(scope, 'operatorUnsupported', test.operatorSpan, { type: printType(left.type), cure });
  }
  switch (test.kind) {
    case 'set':
      return checkSet(scope, left.type, test, name);
    case 'list':
      return checkList(scope, left.type, test);
    case 'literal':
      return checkLiteralTest(scope, left, test, name);
    default:
      return unreachable(test);
  }
}

function isListName(name: string): boolean {
  return /^[a-z0-9_](?:[a-z0-9_.]*[a-z0-9_])?$/.test(name);
}

function badListName(scope: Scope, test: ast.ListTest): undefined {
  const at = restFrom(scope, test.nameSpan.start + 1);
  const next = scope.source.slice(at.start, at.end).match(/^./su)?.[0] ?? '';
  return report(scope, 'listName', at, { name: test.name === '' ? next : test.name });
}

function checkLiteralTest(scope: Scope, left: TypedValue, test: ast.LiteralTest, name: string): TypedTest | undefined {
  const { operator, right } = test;
  const compared = { name, inSet: `${operator === 'ne' ? 'not ' : ''}${name} in` };
  switch (operator) {
    case 'bitwise_and': {
      const mask = readInt(scope, right, compared);
      return mask && { kind: 'bitwise_and', mask: mask.value };
    }
    case 'contains': {
      const bytes = readBytes(scope, right);
      return bytes && { kind: 'contains', right: bytes };
    }
    case 'matches': {
      const pattern = readRegex(scope, right);
      return pattern === undefined ? undefined : { kind: 'matches', pattern };
    }
    case 'wildcard':
    case 'strict wildcard': {
      const pattern = readWildcard(scope, right);
      return pattern && { kind: 'wildcard', strict: operator === 'strict wildcard', pattern };
    }
    default: {
      const literal = readLiteral(scope, left, right, compared);
      return literal && { kind: 'order', operator, right: literal };
    }
  }
}

function readLiteral(scope: Scope, left: TypedValue, right: ast.LiteralText, compared: Compared): Literal | undefined {
  switch (left.type.kind) {
    case 'Int':
      return readInt(scope, right, compared);
    case 'Ip':
      return readAddress(scope, right, compared);
    default:
      return readBytes(scope, right);
  }
}
