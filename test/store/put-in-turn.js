// Run by file-store-kill.test.ts, and killed there: puts versions of some accounts, forgets them now and then, and tells each
// change before it begins and when it is acknowledged. Arguments: the folder, and the number that texts begin with.

const { join } = require('node:path');
const { writeSync } = require('node:fs');
const built = join(__dirname, '../../build/js/store');
const { openFileStore } = require(join(built, 'file-store.js'));
const { documentDigest } = require(join(built, 'document-digest.js'));

const ACCOUNTS = ['one', 'two..', 'three:3'];
const KEPT = 3;

const [, , directory, first] = process.argv;
// Written at once, whatever happens next.
const tell = what => writeSync(1, `${JSON.stringify(what)}\n`);

openFileStore(directory).then(async store => {
  for (let turn = Number(first); ; turn++) {
    const account = ACCOUNTS[turn % ACCOUNTS.length];
    const before = await store.record(account);
    if (before !== undefined && turn % 10 === 0) {
      tell({ account, begun: 'none' });
      await store.forget(account);
      tell({ account, done: 'none' });
      continue;
    }
    const version = (before?.versions.at(-1)?.version ?? 0) + 1;
    const text = `${turn} `.repeat(20_000);
    const versions = [...(before?.versions ?? []), { version, created: new Date(), digest: documentDigest(text) }];
    tell({ account, begun: turn });
    await store.put({ account, desired: version, versions: versions.slice(-KEPT) }, { version, text });
    tell({ account, done: turn });
  }
});
