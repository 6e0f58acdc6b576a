// The expressions of a rule and their common frame (NFTA_EXPR_NAME, NFTA_EXPR_DATA). A decoded expression that would
// lose something when written again becomes `unknown` instead.

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { type BitwiseExpression, decodeBitwise, encodeBitwise } from './bitwise';
import { type ByteorderExpression, decodeByteorder, encodeByteorder } from './byteorder';
import { type CmpExpression, decodeCmp, encodeCmp } from './cmp';
import { type CounterExpression, decodeCounter, encodeCounter } from './counter';
import { decodeExthdr, type ExthdrExpression, type ExthdrSetExpression, encodeExthdr } from './exthdr';
import { decodeImmediate, encodeImmediate, type ImmediateExpression, type VerdictExpression } from './immediate';
import { decodeLog, encodeLog, type LogExpression } from './log';
import { decodeLookup, encodeLookup, type LookupExpression } from './lookup';
import { decodeMatch, encodeMatch, type MatchExpression } from './match';
import { decodeMeta, encodeMeta, type MetaExpression, type MetaSetExpression } from './meta';
import { decodeObjref, encodeObjref, type ObjrefExpression, type ObjrefMapExpression } from './objref';
import { decodePayload, encodePayload, type PayloadExpression } from './payload';
import { decodeRange, encodeRange, type RangeExpression } from './range';
import { encodeUnknown, type UnknownExpression } from './unknown';

const NFTA_LIST_ELEM = 1;
export const NFTA_EXPR_NAME = 1;
export const NFTA_EXPR_DATA = 2;

export type Expression =
  | BitwiseExpression
  | ByteorderExpression
  | CmpExpression
  | CounterExpression
  | ExthdrExpression
  | ExthdrSetExpression
  | ImmediateExpression
  | LogExpression
  | LookupExpression
  | MatchExpression
  | MetaExpression
  | MetaSetExpression
  | ObjrefExpression
  | ObjrefMapExpression
  | PayloadExpression
  | RangeExpression
  | UnknownExpression
  | VerdictExpression;

/** A nest of NFTA_LIST_ELEM. */
export function encodeExpressions(writer: AttributeWriter, type: number, expressions: readonly Expression[]): void {
  const list = writer.open(type);
  for (const expression of expressions) encodeExpression(writer, NFTA_LIST_ELEM, expression);
  writer.close(list);
}

export function encodeExpression(writer: AttributeWriter, type: number, expression: Expression): void {
  const frame = writer.open(type);
  writer.string(NFTA_EXPR_NAME, kernelName(expression));
  if (expression.kind === 'unknown') encodeUnknown(writer, expression);
  else {
    const data = writer.open(NFTA_EXPR_DATA);
    encodeKnown(writer, expression);
    writer.close(data);
  }
  writer.close(frame);
}

/** undefined when `type` is absent. */
export function decodeExpressions(attributes: Attributes, type: number): readonly Expression[] | undefined {
  return attributes.list(type)?.map(decodeExpression);
}

/** `attributes` are those of one expression. */
export function decodeExpression(attributes: Attributes): Expression {
  const name = attributes.required(attributes.string(NFTA_EXPR_NAME), 'NFTA_EXPR_NAME');
  const data = attributes.nested(NFTA_EXPR_DATA);
  if (data === undefined) return { kind: 'unknown', name };
  return decodeKnown(name, data) ?? { kind: 'unknown', name, data: data.raw() };
}

/** What nft_expr_type_get() knows it by. */
function kernelName(expression: Expression): string {
  switch (expression.kind) {
    case 'unknown':
      return expression.name;
    case 'verdict':
      return 'immediate';
    case 'exthdr_set':
      return 'exthdr';
    case 'meta_set':
      return 'meta';
    case 'objref_map':
      return 'objref';
    default:
      return expression.kind;
  }
}

function encodeKnown(writer: AttributeWriter, expression: Exclude<Expression, UnknownExpression>): void {
  switch (expression.kind) {
    case 'bitwise':
      encodeBitwise(writer, expression);
      break;
    case 'byteorder':
      encodeByteorder(writer, expression);
      break;
    case 'cmp':
      encodeCmp(writer, expression);
      break;
    case 'counter':
      encodeCounter(writer, expression);
      break;
    case 'exthdr':
    case 'exthdr_set':
      encodeExthdr(writer, expression);
      break;
    case 'immediate':
    case 'verdict':
      encodeImmediate(writer, expression);
      break;
    case 'log':
      encodeLog(writer, expression);
      break;
    case 'lookup':
      encodeLookup(writer, expression);
      break;
    case 'match':
      encodeMatch(writer, expression);
      break;
    case 'meta':
    case 'meta_set':
      encodeMeta(writer, expression);
      break;
    case 'objref':
    case 'objref_map':
      encodeObjref(writer, expression);
      break;
    case 'payload':
      encodePayload(writer, expression);
      break;
    case 'range':
      encodeRange(writer, expression);
      break;
    default:
      expression satisfies never;
  }
}

const DECODERS: Readonly<Record<string, (attributes: Attributes) => Expression | undefined>> = {
  bitwise: decodeBitwise,
  byteorder: decodeByteorder,
  cmp: decodeCmp,
  counter: decodeCounter,
  exthdr: decodeExthdr,
  immediate: decodeImmediate,
  log: decodeLog,
  lookup: decodeLookup,
  match: decodeMatch,
  meta: decodeMeta,
  objref: decodeObjref,
  payload: decodePayload,
  range: decodeRange,
};

function decodeKnown(name: string, data: Attributes): Expression | undefined {
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  const expression = decode?.(data);
  return data.rest() === undefined ? expression : undefined;
}
