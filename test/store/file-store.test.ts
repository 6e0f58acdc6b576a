import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountRecord } from '../../src/store/account-record';
import { documentDigest, openFileStore } from '../../src/store/file-store';
import type { Store } from '../../src/store/store';

const base = mkdtempSync(join(tmpdir(), `rampart-store-${process.pid}-`));
let folder = '';
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(base, 'store-'));
  store = await openFileStore(folder);
});

afterEach(() => store.close());
afterAll(() => rmSync(base, { recursive: true }));

const TEXT = 'account: acme\nrules: []\n';
const CREATED = new Date('2026-11-22T12:00:00.000Z');

function record(account: string, texts: readonly string[], desired = texts.length): AccountRecord {
  const versions = texts.map((text, index) => ({
    version: index + 1,
    created: CREATED,
    digest: documentDigest(text),
  }));
  return { account, desired, versions };
}

async function reopen(): Promise<void> {
  store.close();
  store = await openFileStore(folder);
}

test('what was put is there after opening anew', async () => {
  const full: AccountRecord = {
    ...record('acme', [TEXT, `${TEXT}# two\n`]),
    previous: 1,
    pending: {
      deadline: new Date('2026-11-22T12:01:00.250Z'),
      milliseconds: 60_000,
      previous: 1,
      counts: new Map([['web', { packets: 18446744073709551615n, bytes: 7n }]]),
    },
    restore: new Map([['ssh', { packets: 1n, bytes: 60n }]]),
  };
  await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
  await store.put(full, { version: 2, text: `${TEXT}# two\n` });
  await store.put(record('b', [TEXT]), { version: 1, text: TEXT });
  await reopen();
  expect(await store.records()).toEqual([full, record('b', [TEXT])]);
  expect(await store.record('acme')).toEqual(full);
  expect(await store.document('acme', 1)).toBe(TEXT);
  expect(await store.document('acme', 2)).toBe(`${TEXT}# two\n`);
});

test('the files are where they are said to be, and only the owner may read them', async () => {
  await store.put(record('a:b.c', [TEXT]), { version: 1, text: TEXT });
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  expect(names).toEqual([
    'accounts',
    'accounts/a%3Ab%2Ec',
    'accounts/a%3Ab%2Ec/state.json',
    'accounts/a%3Ab%2Ec/versions',
    'accounts/a%3Ab%2Ec/versions/1.yaml',
    'lock',
  ]);
  const modes = names.map(name => (statSync(join(folder, name)).mode & 0o777).toString(8));
  expect(modes).toEqual(['700', '700', '600', '700', '600', '600']);
  expect(readFileSync(join(folder, 'accounts/a%3Ab%2Ec/versions/1.yaml'), 'utf8')).toBe(TEXT);
});

test('an account whose id is two dots stays within the folder', async () => {
  await store.put(record('..', [TEXT]), { version: 1, text: TEXT });
  expect(readdirSync(join(folder, 'accounts'))).toEqual(['%2E%2E']);
  await reopen();
  expect((await store.records()).map(({ account }) => account)).toEqual(['..']);
});

test('the texts of versions that are no longer named go', async () => {
  await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
  await store.put(record('acme', [TEXT, 'two']), { version: 2, text: 'two' });
  const last = { ...record('acme', [TEXT, 'two']), desired: 2 };
  await store.put({ ...last, versions: last.versions.slice(1) });
  expect(readdirSync(join(folder, 'accounts/acme/versions'))).toEqual(['2.yaml']);
  await expect(store.document('acme', 1)).rejects.toMatchObject({
    code: 'store.no-version',
    message: 'account acme has no version 1',
  });
});

test('a forgotten account leaves nothing, and forgetting it again is harmless', async () => {
  await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
  await store.forget('acme');
  await store.forget('acme');
  expect(readdirSync(join(folder, 'accounts'))).toEqual([]);
  expect(await store.record('acme')).toBeUndefined();
});

test('a second one on the same folder is refused, and told who has it', async () => {
  await expect(openFileStore(folder)).rejects.toMatchObject({
    code: 'store.locked',
    message: `${folder} is in use by process ${process.pid}`,
    cure: 'stop that process, or name another folder with --data',
  });
});

test('what a killed process left is removed', async () => {
  await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
  store.close();
  const accounts = join(folder, 'accounts');
  mkdirSync(join(accounts, '.new/versions'), { recursive: true });
  writeFileSync(join(accounts, 'acme/state.json.next'), '{"for');
  writeFileSync(join(accounts, 'acme/versions/2.yaml'), 'two');
  writeFileSync(join(accounts, 'acme/versions/3.yaml.next'), 'th');
  store = await openFileStore(folder);
  expect(readdirSync(accounts)).toEqual(['acme']);
  expect(readdirSync(join(accounts, 'acme')).sort()).toEqual(['state.json', 'versions']);
  expect(readdirSync(join(accounts, 'acme/versions'))).toEqual(['1.yaml']);
});

describe('damage is never taken for "there is nothing"', () => {
  const STATE = 'accounts/acme/state.json';
  const damages: readonly (readonly [string, (text: string) => string | undefined, string])[] = [
    ['a record that is gone', () => undefined, 'ENOENT'],
    ['an empty one', () => '', 'is not as it was written: Unexpected end of JSON input'],
    ['one cut short', text => text.slice(0, 40), 'is not as it was written: '],
    ['one of a later format', text => text.replace('"format": 1', '"format": 2'), 'as it was written: format: '],
    ['one of another account', text => text.replace('"acme"', '"b"'), 'as it was written: it is of account b'],
    ['an unknown key', text => text.replace('"desired"', '"wanted"'), 'as it was written: all of it: Unrecognized key'],
    ['a version that is not kept', text => text.replace('"desired": 1', '"desired": 2'), 'there is no version 2'],
  ];
  test.each(damages)('%s', async (_, damage, told) => {
    await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
    store.close();
    const path = join(folder, STATE);
    const damagedText = damage(readFileSync(path, 'utf8'));
    if (damagedText === undefined) rmSync(path);
    else writeFileSync(path, damagedText);
    await expect(openFileStore(folder)).rejects.toThrow(path);
    await expect(openFileStore(folder)).rejects.toThrow(told);
  });

  test('a text that is gone or another one', async () => {
    await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
    const path = join(folder, 'accounts/acme/versions/1.yaml');
    writeFileSync(path, TEXT.replace('[]', '[ ]'));
    await expect(store.document('acme', 1)).rejects.toMatchObject({
      code: 'store.damaged',
      message: `${path} is not as it was written: its digest differs`,
      cure: `bring it back from a backup, or give the account up by removing ${join(folder, 'accounts/acme')}`,
    });
    rmSync(path);
    await expect(store.document('acme', 1)).rejects.toMatchObject({ code: 'store.system' });
  });

  test.each(['a b', 'a.b', '%zz', 'x%2e'])('a folder named %s is not one of an account', async name => {
    store.close();
    mkdirSync(join(folder, 'accounts', name));
    await expect(openFileStore(folder)).rejects.toMatchObject({
      code: 'store.foreign-file',
      message: `${join(folder, 'accounts', name)} is no account's folder`,
    });
  });
});

test('a folder that cannot be made says so', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(openFileStore(file)).rejects.toMatchObject({
    code: 'store.system',
    message: expect.stringMatching(/^cannot make .*file: (ENOTDIR|EEXIST): /),
  });
});
