// Records of counter slots: written, valid from one sequence to another, read back.

import { RECORD_SIZE, RuleRecords } from '../../../src/reconcile/classifier/rule-record';

const WEB = { comment: 'rampart rule=3 ref=web action=block', digest: '\x07'.repeat(16), packets: 5n, bytes: 300n };
const LONG = { comment: `rampart ${'m'.repeat(119)}`, digest: '\xff'.repeat(16), packets: 0n, bytes: 0n };

test('a record is 176 bytes: four numbers, the digest, the comment', () => {
  const memory = new ArrayBuffer(2 * RECORD_SIZE);
  new RuleRecords(memory).write(1, WEB, 0x0102);
  expect(Buffer.from(memory, 0, 176).equals(Buffer.alloc(176))).toBe(true);
  const record = Buffer.from(memory, 176);
  expect(record.subarray(0, 48).toString('hex')).toBe(
    `0201000000000000${'00'.repeat(8)}0500000000000000${'2c01000000000000'}${'07'.repeat(16)}`,
  );
  expect(record.subarray(48).toString('latin1')).toBe('rampart rule=3 ref=web action=block'.padEnd(128, '\0'));
});

test('what was in the slot before is overwritten, the longest comment too', () => {
  const records = new RuleRecords(new ArrayBuffer(RECORD_SIZE));
  records.write(0, LONG, 1);
  expect(records.valid(1)).toEqual([{ slot: 0, ...LONG }]);
  records.write(0, WEB, 2);
  expect(records.valid(2)).toEqual([{ slot: 0, ...WEB }]);
});

test.each<[sequence: number, valid: string[]]>([
  [1, ['old', 'stays']],
  [2, ['old', 'stays']],
  [3, ['stays', 'new']],
  [4, ['stays', 'new']],
])('at sequence %s the rules are %j', (sequence, valid) => {
  const records = new RuleRecords(new ArrayBuffer(4 * RECORD_SIZE));
  for (const [slot, comment] of ['old', 'stays'].entries()) records.write(slot, { ...WEB, comment }, 1);
  records.write(3, { ...WEB, comment: 'new' }, 3);
  records.end(0, 3);
  expect(records.valid(sequence).map(({ comment }) => comment)).toEqual(valid);
});

test.each<[what: string, since: number, until: number, free: boolean]>([
  ['never used', 0, 0, true],
  ['in force', 1, 0, false],
  ['of the next tables', 6, 0, false],
  ['ended with the next flip', 1, 6, false],
  ['ended with this flip', 1, 5, false],
  ['ended with the flip before', 1, 4, true],
])('at sequence 5 a slot %s is free: %s', (_, since, until, free) => {
  const records = new RuleRecords(new ArrayBuffer(RECORD_SIZE));
  if (since > 0) records.write(0, WEB, since);
  if (until > 0) records.end(0, until);
  expect(records.isFree(0, 5)).toBe(free);
});
