import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountRecord } from '../../src/store/account-record';
import { documentDigest } from '../../src/store/document-digest';
import { openFileStore } from '../../src/store/file-store';
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
    ['one of several lines that are none', () => 'a\nb\n', '"a b " is not valid JSON'],
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
    await expectLost(path, told);
  });

  test('a record that is a folder, or in something that is none', async () => {
    await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
    const path = join(folder, STATE);
    rmSync(path);
    mkdirSync(path);
    await expectLost(path, 'EISDIR');
    rmSync(join(folder, 'accounts/acme'), { recursive: true });
    writeFileSync(join(folder, 'accounts/acme'), '');
    await expectLost(path, 'ENOTDIR');
  });

  /** And the other account is served. */
  async function expectLost(path: string, told: string): Promise<void> {
    await store.put(record('b', [TEXT]), { version: 1, text: TEXT });
    await reopen();
    const [lost, ...others] = await store.lost();
    expect(others).toEqual([]);
    expect(lost).toMatchObject({ account: 'acme', error: { message: expect.stringContaining(path) } });
    expect(lost?.error.message).toContain(told);
    await expect(store.record('acme')).rejects.toThrow(told);
    expect(await store.records()).toEqual([record('b', [TEXT])]);
  }

  test('a text that is gone or another one', async () => {
    await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
    const path = join(folder, 'accounts/acme/versions/1.yaml');
    writeFileSync(path, TEXT.replace('[]', '[ ]'));
    await expect(store.document('acme', 1)).rejects.toMatchObject({
      code: 'store.damaged',
      message: `${path} is not as it was written: its digest differs`,
      cure: 'bring it back from a backup',
    });
    rmSync(path);
    await expect(store.document('acme', 1)).rejects.toMatchObject({ code: 'store.system' });
  });

  test.each(['a b', 'a.b', '%zz', 'x%2e'])('a folder named %s is not one of an account', async name => {
    store.close();
    mkdirSync(join(folder, 'accounts', name));
    store = await openFileStore(folder);
    expect(store.problems).toMatchObject([
      { code: 'store.foreign-file', message: `${join(folder, 'accounts', name)} is no account's folder` },
    ]);
    expect(await store.records()).toEqual([]);
    expect(readdirSync(join(folder, 'accounts'))).toEqual([name]);
  });
});

describe('an account whose record is damaged', () => {
  const inFolder = (...path: readonly string[]) => join(folder, 'accounts/acme', ...path);
  let written: string;

  beforeEach(async () => {
    await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
    await store.put(record('acme', [TEXT, 'two']), { version: 2, text: 'two' });
    written = readFileSync(inFolder('state.json'), 'utf8');
    writeFileSync(inFolder('state.json'), 'damaged');
    await reopen();
  });

  test('has the versions whose texts are there', async () => {
    const { versions, ...rest } = await store.salvage('acme');
    expect(rest).toEqual({ account: 'acme' });
    expect(versions.map(({ version, digest }) => [version, digest])).toEqual([
      [1, '3eda84620224dc69d2ede2a70779a93a8017496e59e05933a77a74769ff8a910'],
      [2, '3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3'],
    ]);
    expect(await store.document('acme', 2)).toBe('two');
  });

  test('never uses the number of a text again that cannot be read', async () => {
    rmSync(inFolder('versions/2.yaml'));
    mkdirSync(inFolder('versions/2.yaml'));
    expect((await store.salvage('acme')).versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(await store.document('acme', 1)).toBe(TEXT);
    await expect(store.document('acme', 2)).rejects.toMatchObject({ code: 'store.system' });
  });

  test('takes another one, and keeps the damaged one beside it, each time', async () => {
    const mended = record('acme', [TEXT, 'two', 'three']);
    await store.put(mended, { version: 3, text: 'three' });
    expect(await store.lost()).toEqual([]);
    await reopen();
    expect(await store.record('acme')).toEqual(mended);
    writeFileSync(inFolder('state.json'), 'again');
    await reopen();
    await store.put(mended);
    expect(readdirSync(inFolder()).sort()).toEqual([
      'state.json',
      'state.json.damaged-1',
      'state.json.damaged-2',
      'versions',
    ]);
    expect(readFileSync(inFolder('state.json.damaged-1'), 'utf8')).toBe('damaged');
    expect(readFileSync(inFolder('state.json.damaged-2'), 'utf8')).toBe('again');
    expect(readdirSync(inFolder('versions'))).toEqual(['1.yaml', '2.yaml', '3.yaml']);
  });

  test('is read again when it has been brought back', async () => {
    await store.reread('acme');
    expect((await store.lost()).map(({ account }) => account)).toEqual(['acme']);
    writeFileSync(inFolder('state.json'), written);
    await store.reread('acme');
    expect(await store.lost()).toEqual([]);
    expect(await store.record('acme')).toEqual(record('acme', [TEXT, 'two']));
  });

  test('can be forgotten', async () => {
    await store.forget('acme');
    expect(readdirSync(join(folder, 'accounts'))).toEqual([]);
    expect(await store.lost()).toEqual([]);
  });
});

test('a folder of texts that is gone is made again with the next', async () => {
  await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
  rmSync(join(folder, 'accounts/acme/versions'), { recursive: true });
  await reopen();
  expect(store.problems).toEqual([]);
  await expect(store.document('acme', 1)).rejects.toMatchObject({ code: 'store.system' });
  await store.put(record('acme', [TEXT, 'two']), { version: 2, text: 'two' });
  expect(await store.document('acme', 2)).toBe('two');
});

test('what others put beside the texts stays', async () => {
  await store.put(record('acme', [TEXT]), { version: 1, text: TEXT });
  writeFileSync(join(folder, 'accounts/acme/versions/1.yaml.bak'), 'theirs');
  await reopen();
  expect(readdirSync(join(folder, 'accounts/acme/versions')).sort()).toEqual(['1.yaml', '1.yaml.bak']);
});

test('a folder that cannot be made says so', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(openFileStore(file)).rejects.toMatchObject({
    code: 'store.system',
    message: expect.stringMatching(/^cannot make .*file: (ENOTDIR|EEXIST): /),
  });
});
