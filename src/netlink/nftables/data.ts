// NFTA_DATA_*: what a register, a set element or a comparison holds, either bytes as they lie in the packet or a
// verdict. Verdict codes share one signed number space: NF_* from 0 up, NFT_* from -1 down (linux/netfilter/nf_tables.h).

import type { Attributes } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import { codeTable } from '../code-table';

const NFTA_DATA_VALUE = 1;
const NFTA_DATA_VERDICT = 2;
const NFTA_VERDICT_CODE = 1;
const NFTA_VERDICT_CHAIN = 2;

const VERDICTS = codeTable({ drop: 0, accept: 1, continue: -1, break: -2, jump: -3, goto: -4, return: -5 });

export type Verdict =
  | { readonly code: 'drop' | 'accept' | 'return' | 'continue' | 'break' }
  | { readonly code: 'jump' | 'goto'; readonly chain: string }
  /** A verdict with a number in it, such as NF_QUEUE with its queue. */
  | { readonly code: 'other'; readonly value: number };

export type Data =
  | { readonly kind: 'value'; readonly value: Uint8Array }
  | { readonly kind: 'verdict'; readonly verdict: Verdict };

export function encodeData(writer: AttributeWriter, type: number, data: Data): void {
  if (data.kind === 'value') encodeValue(writer, type, data.value);
  else encodeVerdict(writer, type, data.verdict);
}

export function encodeValue(writer: AttributeWriter, type: number, value: Uint8Array): void {
  const data = writer.open(type);
  writer.bytes(NFTA_DATA_VALUE, value);
  writer.close(data);
}

export function encodeVerdict(writer: AttributeWriter, type: number, verdict: Verdict): void {
  const data = writer.open(type);
  const nest = writer.open(NFTA_DATA_VERDICT);
  writer.s32be(NFTA_VERDICT_CODE, verdict.code === 'other' ? verdict.value : VERDICTS.code(verdict.code));
  if (verdict.code === 'jump' || verdict.code === 'goto') writer.string(NFTA_VERDICT_CHAIN, verdict.chain);
  writer.close(nest);
  writer.close(data);
}

/** undefined when `type` is absent or holds something newer than a value or a verdict. */
export function decodeData(attributes: Attributes, type: number): Data | undefined {
  const data = attributes.nested(type);
  if (data === undefined) return undefined;
  const value = data.bytes(NFTA_DATA_VALUE);
  if (value !== undefined) return { kind: 'value', value };
  const verdict = data.nested(NFTA_DATA_VERDICT);
  return verdict === undefined ? undefined : { kind: 'verdict', verdict: decodeVerdict(verdict) };
}

/** Only bytes: the comparisons and masks. */
export function decodeValue(attributes: Attributes, type: number): Uint8Array | undefined {
  const data = decodeData(attributes, type);
  return data?.kind === 'value' ? data.value : undefined;
}

function decodeVerdict(attributes: Attributes): Verdict {
  const value = attributes.required(attributes.s32be(NFTA_VERDICT_CODE), 'NFTA_VERDICT_CODE');
  const code = VERDICTS.name(value);
  if (code === undefined) return { code: 'other', value };
  if (code !== 'jump' && code !== 'goto') return { code };
  return { code, chain: attributes.required(attributes.string(NFTA_VERDICT_CHAIN), 'NFTA_VERDICT_CHAIN') };
}
