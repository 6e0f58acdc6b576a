// From the offset in an extended ack to the attribute it points at: nf_tables often says only "ENOENT at byte 132".

import { align, NLA_F_NESTED, readU16 } from './attribute';

export interface AttributeStep {
  readonly type: number;
  /** Position among its siblings, from 0: the kernel's lists repeat one type. */
  readonly index: number;
}

/** Steps from the outermost attribute to the innermost one that holds byte `offset`; empty when it lies in a header. */
export function attributePath(message: Uint8Array, headerLength: number, offset: number): readonly AttributeStep[] {
  const path: AttributeStep[] = [];
  let [start, end] = [headerLength, message.length];
  for (let index = 0; start + 4 <= end && offset >= start; index++) {
    const length = Math.max(4, readU16(message, start));
    const type = readU16(message, start + 2);
    if (offset >= start + align(length)) {
      start += align(length);
      continue;
    }
    path.push({ type: type & ~NLA_F_NESTED, index });
    if ((type & NLA_F_NESTED) === 0 || offset === start) break;
    [start, end, index] = [start + 4, start + length, -1];
  }
  return path;
}
