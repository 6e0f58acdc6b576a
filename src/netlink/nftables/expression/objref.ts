// objref: a rule's use of a named object, given by name or found in a map by a register.
// `counter name "c"` is [ objref type 1 name c ], `counter name ip saddr map @m` is [ objref sreg 1 set m ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { present } from '../../present';
import type { Register } from './register';

const NFTA_OBJREF_IMM_TYPE = 1;
const NFTA_OBJREF_IMM_NAME = 2;
const NFTA_OBJREF_SET_SREG = 3;
const NFTA_OBJREF_SET_NAME = 4;
const NFTA_OBJREF_SET_ID = 5;

/** NFT_OBJECT_COUNTER. */
export const OBJECT_COUNTER = 1;

export interface ObjrefExpression {
  readonly kind: 'objref';
  /** NFT_OBJECT_*. */
  readonly objectType: number;
  readonly name: string;
}

export interface ObjrefMapExpression {
  readonly kind: 'objref_map';
  readonly source: Register;
  readonly set: string;
  readonly setId?: number;
}

export function encodeObjref(writer: AttributeWriter, expression: ObjrefExpression | ObjrefMapExpression): void {
  if (expression.kind === 'objref') {
    writer.u32be(NFTA_OBJREF_IMM_TYPE, expression.objectType);
    writer.string(NFTA_OBJREF_IMM_NAME, expression.name);
  } else {
    writer.u32be(NFTA_OBJREF_SET_SREG, expression.source);
    writer.string(NFTA_OBJREF_SET_NAME, expression.set);
    if (expression.setId !== undefined) writer.u32be(NFTA_OBJREF_SET_ID, expression.setId);
  }
}

export function decodeObjref(attributes: Attributes): ObjrefExpression | ObjrefMapExpression {
  const name = attributes.string(NFTA_OBJREF_IMM_NAME);
  if (name !== undefined) {
    const objectType = attributes.required(attributes.u32be(NFTA_OBJREF_IMM_TYPE), 'NFTA_OBJREF_IMM_TYPE');
    return { kind: 'objref', objectType, name };
  }
  const source = attributes.required(attributes.u32be(NFTA_OBJREF_SET_SREG), 'NFTA_OBJREF_SET_SREG');
  const set = attributes.required(attributes.string(NFTA_OBJREF_SET_NAME), 'NFTA_OBJREF_SET_NAME');
  return present({ kind: 'objref_map' as const, source, set, setId: attributes.u32be(NFTA_OBJREF_SET_ID) });
}
