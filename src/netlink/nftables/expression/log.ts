// log: records the packet and goes on. With a group it goes to userspace over nfnetlink_log (snaplen bytes of it, handed
// over after queueThreshold packets); without one to the kernel log (level, flags).
// `log prefix "x" group 5 snaplen 64 queue-threshold 10` is [ log prefix x group 5 snaplen 64 qthreshold 10 ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { present } from '../../present';

const NFTA_LOG_GROUP = 1;
const NFTA_LOG_PREFIX = 2;
const NFTA_LOG_SNAPLEN = 3;
const NFTA_LOG_QTHRESHOLD = 4;
const NFTA_LOG_LEVEL = 5;
const NFTA_LOG_FLAGS = 6;

export interface LogExpression {
  readonly kind: 'log';
  readonly prefix?: string;
  /** u16. */
  readonly group?: number;
  /** Bytes. */
  readonly snaplen?: number;
  /** Packets, u16. */
  readonly queueThreshold?: number;
  /** Syslog level; 4 (warning) when absent. */
  readonly level?: number;
  /** NF_LOG_*. */
  readonly flags?: number;
}

export function encodeLog(writer: AttributeWriter, expression: LogExpression): void {
  const { prefix, group, snaplen, queueThreshold, level, flags } = expression;
  if (prefix !== undefined) writer.string(NFTA_LOG_PREFIX, prefix);
  if (group !== undefined) writer.u16be(NFTA_LOG_GROUP, group);
  if (snaplen !== undefined) writer.u32be(NFTA_LOG_SNAPLEN, snaplen);
  if (queueThreshold !== undefined) writer.u16be(NFTA_LOG_QTHRESHOLD, queueThreshold);
  if (level !== undefined) writer.u32be(NFTA_LOG_LEVEL, level);
  if (flags !== undefined) writer.u32be(NFTA_LOG_FLAGS, flags);
}

export function decodeLog(attributes: Attributes): LogExpression {
  return present({
    kind: 'log' as const,
    prefix: attributes.string(NFTA_LOG_PREFIX),
    group: attributes.u16be(NFTA_LOG_GROUP),
    snaplen: attributes.u32be(NFTA_LOG_SNAPLEN),
    queueThreshold: attributes.u16be(NFTA_LOG_QTHRESHOLD),
    level: attributes.u32be(NFTA_LOG_LEVEL),
    flags: attributes.u32be(NFTA_LOG_FLAGS),
  });
}
