// Records of counter slots: written, valid from one sequence to another, read back.

import {
  endRecord,
  isFree,
  RECORD_SIZE,
  readRecords,
  writeRecord,
} from '../../../src/reconcile/classifier/rule-record';

const WEB = { comment: 'rampart rule=3 ref=web action=block', digest: bytes(16, 7), packets: 5n, bytes: 300n };
const MAIL = { comment: `rampart ${'m'.repeat(119)}`, digest: bytes(16, 9), packets: 0n, bytes: 0n };

test('a record is 176 bytes: four numbers, the digest, the comment', () => {
  const memory = new Uint8Array(2 * RECORD_SIZE);
  writeRecord(memory, 1, WEB, 0x0102n);
  expect(Buffer.from(memory.subarray(0, 176)).equals(Buffer.alloc(176))).toBe(true);
  const record = Buffer.from(memory.subarray(176));
  expect(record.subarray(0, 48).toString('hex')).toBe(
    `0201000000000000${'00'.repeat(8)}0500000000000000${'2c01000000000000'}${'07'.repeat(16)}`,
  );
  expect(record.subarray(48).toString('latin1')).toBe('rampart rule=3 ref=web action=block'.padEnd(128, '\0'));
});

test('what was in the slot before is overwritten, the longest comment too', () => {
  const memory = new Uint8Array(RECORD_SIZE);
  writeRecord(memory, 0, MAIL, 1n);
  expect(readRecords(memory, 1n)).toEqual([{ slot: 0, ...MAIL }]);
  writeRecord(memory, 0, WEB, 2n);
  expect(readRecords(memory, 2n)).toEqual([{ slot: 0, ...WEB }]);
});

test.each<[sequence: bigint, valid: string[]]>([
  [1n, ['old', 'stays']],
  [2n, ['old', 'stays']],
  [3n, ['stays', 'new']],
  [4n, ['stays', 'new']],
])('at sequence %s the rules are %j', (sequence, valid) => {
  const memory = new Uint8Array(4 * RECORD_SIZE);
  for (const [slot, comment] of ['old', 'stays'].entries()) writeRecord(memory, slot, { ...WEB, comment }, 1n);
  writeRecord(memory, 3, { ...WEB, comment: 'new' }, 3n);
  endRecord(memory, 0, 3n);
  expect(readRecords(memory, sequence).map(({ comment }) => comment)).toEqual(valid);
});

test.each<[what: string, since: bigint, until: bigint, free: boolean]>([
  ['never used', 0n, 0n, true],
  ['in force', 1n, 0n, false],
  ['of the next tables', 6n, 0n, false],
  ['ended with the next flip', 1n, 6n, false],
  ['ended with this flip', 1n, 5n, false],
  ['ended with the flip before', 1n, 4n, true],
])('at sequence 5 a slot %s is free: %s', (_, since, until, free) => {
  const memory = new Uint8Array(RECORD_SIZE);
  if (since > 0n) writeRecord(memory, 0, WEB, since);
  if (until > 0n) endRecord(memory, 0, until);
  expect(isFree(memory, 0, 5n)).toBe(free);
});

function bytes(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}
