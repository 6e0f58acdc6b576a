// An account's record as the text of its state.json, and back. Dates are ISO 8601, counts decimal text, for JSON's numbers end
// at 2^53.

import { z } from 'zod';
import type { AccountRecord } from './account-record';

/** Raised when an older program could misread what a newer one wrote. */
const FORMAT = 1;

const count = z
  .string()
  .regex(/^[0-9]{1,20}$/)
  .transform(BigInt);
const date = z.iso.datetime().transform(text => new Date(text));
const version = z.int().min(1);
const counts = z
  .array(z.tuple([z.string(), z.strictObject({ packets: count, bytes: count })]))
  .transform(entries => new Map(entries));

const schema = z.strictObject({
  format: z.literal(FORMAT),
  account: z.string(),
  desired: version.exactOptional(),
  previous: version.exactOptional(),
  pending: z
    .strictObject({ deadline: date, milliseconds: z.int().min(0), previous: version.exactOptional(), counts })
    .exactOptional(),
  restore: counts.exactOptional(),
  versions: z.array(z.strictObject({ version, created: date, digest: z.string().regex(/^[0-9a-f]{64}$/) })),
});

export function printRecord(record: AccountRecord): string {
  return `${JSON.stringify({ format: FORMAT, ...record }, plain, 2)}\n`;
}

function plain(_: string, member: unknown): unknown {
  if (typeof member === 'bigint') return String(member);
  return member instanceof Map ? [...member] : member;
}

export type RecordReading =
  | { readonly kind: 'record'; readonly record: AccountRecord }
  | { readonly kind: 'unreadable'; readonly why: string };

export function parseRecord(text: string, account: string): RecordReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // It quotes the text, which may have any number of lines.
    return unreadable((error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' '));
  }
  const shape = schema.safeParse(value);
  if (!shape.success) {
    const [issue] = shape.error.issues;
    return unreadable(`${issue?.path.join('.') || 'all of it'}: ${issue?.message}`);
  }
  const { format, ...record } = shape.data;
  if (record.account !== account) return unreadable(`it is of account ${record.account}`);
  const named = record.versions.map(each => each.version);
  if (named.some((each, index) => index > 0 && each <= (named[index - 1] ?? 0))) {
    return unreadable('versions: not ascending');
  }
  const missing = [record.desired, record.previous, record.pending?.previous].find(
    each => each !== undefined && !named.includes(each),
  );
  return missing === undefined ? { kind: 'record', record } : unreadable(`there is no version ${missing}`);
}

function unreadable(why: string): RecordReading {
  return { kind: 'unreadable', why };
}
