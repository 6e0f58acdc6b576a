// meta: loads a fact about the packet that is not in its bytes, or stores one (mark, priority). Numbers are in host byte
// order in the register (l4proto and nfproto are one byte); interface names are 16 bytes, padded with NUL.
// `meta l4proto` is [ meta load l4proto => reg 1 ], `meta mark set` ends with [ meta set mark with reg 1 ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { codeTable } from '../../code-table';
import type { Register } from './register';

const NFTA_META_DREG = 1;
const NFTA_META_KEY = 2;
const NFTA_META_SREG = 3;

/** enum nft_meta_keys. */
export const META_KEYS = codeTable({
  len: 0,
  protocol: 1,
  priority: 2,
  mark: 3,
  iif: 4,
  oif: 5,
  iifname: 6,
  oifname: 7,
  iiftype: 8,
  oiftype: 9,
  skuid: 10,
  skgid: 11,
  nftrace: 12,
  rtclassid: 13,
  secmark: 14,
  nfproto: 15,
  l4proto: 16,
  bri_iifname: 17,
  bri_oifname: 18,
  pkttype: 19,
  cpu: 20,
  iifgroup: 21,
  oifgroup: 22,
  cgroup: 23,
  prandom: 24,
  secpath: 25,
  iifkind: 26,
  oifkind: 27,
  bri_iifpvid: 28,
  bri_iifvproto: 29,
  time_ns: 30,
  time_day: 31,
  time_hour: 32,
  sdif: 33,
  sdifname: 34,
});
export type MetaKey = (typeof META_KEYS.names)[number];

export interface MetaExpression {
  readonly kind: 'meta';
  readonly key: MetaKey;
  readonly destination: Register;
}

export interface MetaSetExpression {
  readonly kind: 'meta_set';
  readonly key: MetaKey;
  readonly source: Register;
}

export function encodeMeta(writer: AttributeWriter, expression: MetaExpression | MetaSetExpression): void {
  writer.u32be(NFTA_META_KEY, META_KEYS.code(expression.key));
  if (expression.kind === 'meta') writer.u32be(NFTA_META_DREG, expression.destination);
  else writer.u32be(NFTA_META_SREG, expression.source);
}

/** undefined for a newer key. */
export function decodeMeta(attributes: Attributes): MetaExpression | MetaSetExpression | undefined {
  const key = META_KEYS.name(attributes.required(attributes.u32be(NFTA_META_KEY), 'NFTA_META_KEY'));
  if (key === undefined) return undefined;
  const destination = attributes.u32be(NFTA_META_DREG);
  if (destination !== undefined) return { kind: 'meta', key, destination };
  return { kind: 'meta_set', key, source: attributes.required(attributes.u32be(NFTA_META_SREG), 'NFTA_META_SREG') };
}
