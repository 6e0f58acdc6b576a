// How an account's record goes on: each change by the record before and the one after.

import {
  backTo,
  confirmed,
  expired,
  nextVersion,
  removing,
  restored,
  withVersion,
} from '../../src/desired/record-change';
import type { AccountRecord, VersionRecord } from '../../src/store/account-record';

const AT = new Date('2026-11-22T12:00:00Z');
const COUNTS = new Map([['web', { packets: 3n, bytes: 180n }]]);
const CONFIRMATION = { deadline: new Date('2026-11-22T12:01:00Z'), milliseconds: 60_000, counts: COUNTS };

function version(number: number): VersionRecord {
  return { version: number, created: AT, digest: String(number).padStart(64, '0') };
}

function versions(...numbers: readonly number[]): readonly VersionRecord[] {
  return numbers.map(version);
}

const TWO: AccountRecord = { account: 'acme', desired: 2, previous: 1, versions: versions(1, 2) };
const PENDING: AccountRecord = { ...TWO, pending: { ...CONFIRMATION, previous: 1 } };
const NEW_PENDING: AccountRecord = { account: 'acme', desired: 1, pending: CONFIRMATION, versions: versions(1) };

const cases: readonly (readonly [string, AccountRecord, AccountRecord])[] = [
  [
    'the first version leads back to nothing',
    withVersion('acme', undefined, version(1), 50),
    { account: 'acme', desired: 1, versions: versions(1) },
  ],
  [
    'the next one leads back to the one that was desired',
    withVersion('acme', { ...TWO, desired: 1, previous: 2 }, version(3), 50),
    { account: 'acme', desired: 3, previous: 1, versions: versions(1, 2, 3) },
  ],
  [
    'a confirmation leads there too, with the counts',
    withVersion('acme', { account: 'acme', desired: 1, versions: versions(1) }, version(2), 50, CONFIRMATION),
    PENDING,
  ],
  ['of a new account it leads to nothing', withVersion('acme', undefined, version(1), 50, CONFIRMATION), NEW_PENDING],
  [
    'an account that was to be removed is desired again',
    withVersion('acme', { account: 'acme', versions: versions(1) }, version(2), 50),
    { account: 'acme', desired: 2, versions: versions(1, 2) },
  ],
  ['confirmed, it stays', confirmed(PENDING), TWO],
  [
    'unconfirmed, the version before comes back with its counts',
    expired(PENDING, { ...CONFIRMATION, previous: 1 }),
    { account: 'acme', desired: 1, previous: 2, restore: COUNTS, versions: versions(1, 2) },
  ],
  ['unconfirmed, a new account goes', expired(NEW_PENDING, CONFIRMATION), { account: 'acme', versions: versions(1) }],
  ['back and forth: what was given up is where the next rollback leads', backTo(backTo(TWO, 1), 2), TWO],
  ['back gives up what waits', backTo(PENDING, 1), { ...TWO, desired: 1, previous: 2 }],
  ['removing keeps the versions until it is done', removing(PENDING), { account: 'acme', versions: versions(1, 2) }],
  ['restored, the counts are the kernel’s', restored({ ...TWO, restore: COUNTS }), TWO],
  [
    'the oldest versions go',
    withVersion('acme', { account: 'acme', desired: 4, versions: versions(2, 3, 4) }, version(5), 2),
    { account: 'acme', desired: 5, previous: 4, versions: versions(4, 5) },
  ],
  [
    'but not the one that leads back',
    withVersion('acme', { account: 'acme', desired: 2, versions: versions(2, 3, 4) }, version(5), 2),
    { account: 'acme', desired: 5, previous: 2, versions: versions(2, 4, 5) },
  ],
];

test.each(cases)('%s', (_, result, expected) => {
  expect(result).toEqual(expected);
});

test('numbers go on from the last version, whichever is desired', () => {
  expect([undefined, TWO, backTo(TWO, 1)].map(nextVersion)).toEqual([1, 3, 3]);
});
