// The verbs of nft on its objects, and the message or messages that say them: `nft add`, `create`, `insert`, `replace`,
// `delete`, `destroy`, `flush`.

import type { AttributeWriter } from '../attribute-writer';
import { closeMessage, NLM_F_APPEND, NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL, NLM_F_REPLACE } from '../message';
import { type Chain, type ChainReference, encodeChain, encodeChainReference } from './chain';
import { type Elements, encodeElements, encodeElementsOfSet } from './element';
import * as nfgenmsg from './nfgenmsg';
import {
  type CounterObject,
  type CounterObjectReference,
  encodeCounterObject,
  encodeCounterObjectReference,
} from './object';
import {
  encodeRule,
  encodeRuleReference,
  encodeRulesOfChain,
  encodeRulesOfTable,
  type Rule,
  type RuleReference,
} from './rule';
import { encodeSet, encodeSetReference, type NftSet, type SetReference } from './set';
import { encodeTable, encodeTableReference, type Table, type TableReference } from './table';

/** `create` fails where `add` is content with what is there; `destroy` (Linux 6.3) is content with finding nothing. */
export type BatchOperation = ObjectOperation | ElementsOperation;

interface Named {
  /** Names the operation in errors, in the caller's words. */
  readonly subject?: string;
  /** `nft --echo`: the kernel tells what has become of it, of about so many objects. Of deleted ones it tells the last counts. */
  readonly echo?: number;
}

type ObjectOperation = Named &
  (
    | { readonly operation: 'add'; readonly object: NftObject }
    | { readonly operation: 'create'; readonly object: Exclude<NftObject, Rule> }
    | { readonly operation: 'insert' | 'replace'; readonly object: Rule }
    | { readonly operation: 'delete'; readonly object: NftReference }
    | { readonly operation: 'destroy'; readonly object: NftReference }
    /** Rules of a table or a chain, elements of a set; what they were in stays. */
    | { readonly operation: 'flush'; readonly object: NftContainer }
  );

interface ElementsOperation extends Named {
  readonly operation: 'add' | 'create' | 'delete' | 'destroy';
  readonly object: Elements;
}

type NftObject = Table | Chain | Rule | NftSet | CounterObject;
type NftReference = TableReference | ChainReference | RuleReference | SetReference | CounterObjectReference;
type NftContainer = TableReference | ChainReference | SetReference;

export interface BatchMessage {
  /** Bytes from the start of the batch. */
  readonly offset: number;
  /** Index of the operation it is a part of. */
  readonly operation: number;
  /** Of an elements operation: index of the first element in this message; otherwise 0. */
  readonly firstElement: number;
}

/** Appends one message for most operations, several for many elements, none for no elements. */
export function appendOperation(
  writer: AttributeWriter,
  operation: BatchOperation,
  index: number,
  messages: BatchMessage[],
): void {
  if (isOfElements(operation)) {
    appendElements(writer, operation, index, messages);
    return;
  }
  const offset = openOperation(writer, operation);
  encodeBody(writer, operation);
  closeMessage(writer, offset);
  messages.push({ offset, operation: index, firstElement: 0 });
}

/** The operation in words: the caller's, or the object's kind and name. */
export function subjectOf({ operation, object, subject }: BatchOperation): string {
  return subject ?? `${operation} ${object.kind.replace('_', ' ')} ${object.family} ${nameOf(object)}`;
}

function nameOf(object: BatchOperation['object']): string {
  switch (object.kind) {
    case 'table':
      return object.name;
    case 'rule':
      return `${object.table} ${object.chain}`;
    case 'elements':
      return `${object.table} ${object.set}`;
    default:
      return `${object.table} ${object.name}`;
  }
}

function isOfElements(operation: BatchOperation): operation is ElementsOperation {
  return operation.object.kind === 'elements';
}

function appendElements(
  writer: AttributeWriter,
  operation: ElementsOperation,
  index: number,
  messages: BatchMessage[],
): void {
  const { object } = operation;
  for (let next = 0; next < object.elements.length; ) {
    const offset = openOperation(writer, operation);
    messages.push({ offset, operation: index, firstElement: next });
    next = encodeElements(writer, object, next);
    closeMessage(writer, offset);
  }
}

const CREATED = {
  table: nfgenmsg.NFT_MSG_NEWTABLE,
  chain: nfgenmsg.NFT_MSG_NEWCHAIN,
  rule: nfgenmsg.NFT_MSG_NEWRULE,
  set: nfgenmsg.NFT_MSG_NEWSET,
  elements: nfgenmsg.NFT_MSG_NEWSETELEM,
  counter_object: nfgenmsg.NFT_MSG_NEWOBJ,
} as const;

const DELETED = {
  table: nfgenmsg.NFT_MSG_DELTABLE,
  chain: nfgenmsg.NFT_MSG_DELCHAIN,
  rule: nfgenmsg.NFT_MSG_DELRULE,
  set: nfgenmsg.NFT_MSG_DELSET,
  elements: nfgenmsg.NFT_MSG_DELSETELEM,
  counter_object: nfgenmsg.NFT_MSG_DELOBJ,
} as const;

const DESTROYED = {
  table: nfgenmsg.NFT_MSG_DESTROYTABLE,
  chain: nfgenmsg.NFT_MSG_DESTROYCHAIN,
  rule: nfgenmsg.NFT_MSG_DESTROYRULE,
  set: nfgenmsg.NFT_MSG_DESTROYSET,
  elements: nfgenmsg.NFT_MSG_DESTROYSETELEM,
  counter_object: nfgenmsg.NFT_MSG_DESTROYOBJ,
} as const;

/** A deletion that names only the container empties it. */
const FLUSHED = {
  table: nfgenmsg.NFT_MSG_DELRULE,
  chain: nfgenmsg.NFT_MSG_DELRULE,
  set: nfgenmsg.NFT_MSG_DELSETELEM,
} as const;

function openOperation(writer: AttributeWriter, operation: BatchOperation): number {
  const header = headerOf(operation);
  const flags = operation.echo !== undefined ? header.flags | NLM_F_ECHO : header.flags;
  return nfgenmsg.openNftables(writer, { ...header, flags });
}

function headerOf(operation: BatchOperation): nfgenmsg.NftablesHeader {
  const { kind, family } = operation.object;
  switch (operation.operation) {
    case 'add':
      return { message: CREATED[kind], flags: NLM_F_CREATE | (kind === 'rule' ? NLM_F_APPEND : 0), family };
    case 'create':
      return { message: CREATED[kind], flags: NLM_F_CREATE | NLM_F_EXCL, family };
    case 'insert':
      return { message: CREATED[kind], flags: NLM_F_CREATE, family };
    case 'replace':
      return { message: CREATED[kind], flags: NLM_F_REPLACE, family };
    case 'delete':
      return { message: DELETED[kind], flags: 0, family };
    case 'destroy':
      return { message: DESTROYED[kind], flags: 0, family };
    case 'flush':
      return { message: FLUSHED[operation.object.kind], flags: 0, family };
  }
}

function encodeBody(writer: AttributeWriter, { operation, object }: ObjectOperation): void {
  if (operation === 'flush') encodeContents(writer, object);
  else if (operation === 'delete' || operation === 'destroy') encodeReference(writer, object);
  else encodeObject(writer, object);
}

function encodeObject(writer: AttributeWriter, object: NftObject): void {
  switch (object.kind) {
    case 'table':
      encodeTable(writer, object);
      break;
    case 'chain':
      encodeChain(writer, object);
      break;
    case 'rule':
      encodeRule(writer, object);
      break;
    case 'set':
      encodeSet(writer, object);
      break;
    case 'counter_object':
      encodeCounterObject(writer, object);
      break;
    default:
      object satisfies never;
  }
}

function encodeReference(writer: AttributeWriter, object: NftReference): void {
  switch (object.kind) {
    case 'table':
      encodeTableReference(writer, object);
      break;
    case 'chain':
      encodeChainReference(writer, object);
      break;
    case 'rule':
      encodeRuleReference(writer, object);
      break;
    case 'set':
      encodeSetReference(writer, object);
      break;
    case 'counter_object':
      encodeCounterObjectReference(writer, object);
      break;
    default:
      object satisfies never;
  }
}

function encodeContents(writer: AttributeWriter, object: NftContainer): void {
  switch (object.kind) {
    case 'table':
      encodeRulesOfTable(writer, object.name);
      break;
    case 'chain':
      encodeRulesOfChain(writer, object.table, object.name);
      break;
    case 'set':
      encodeElementsOfSet(writer, object.table, object.name);
      break;
    default:
      object satisfies never;
  }
}
