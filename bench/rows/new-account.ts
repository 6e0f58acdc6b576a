// A new account: its namespace, a veth pair up at both ends, a table of ten rules; against the commands for it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openConnection } from '../../src/netlink/connection';
import { namespacePath } from '../../src/netns/namespace';
import { type Account, createAccount, deleteAccount } from '../account';
import { exactNftRuleset, exactRules } from '../exact-rules';
import { duration, interleave } from '../interleave';
import { median } from '../median';
import { benchNamespace, withNamespaces } from '../namespace';
import { withScratchDirectory } from '../place';
import { run, timed } from '../process';
import { type Row, ratioAtLeast } from '../row';

const RULES = 10;
const ACCOUNTS_IN_A_RUN = 20;
/** The kernel takes namespaces apart in the background, and a new one waits for that. */
const REST_MS = 500;

export const NEW_ACCOUNT: Row = {
  name: 'new-account',
  what: 'new account (namespace, veth, table of ten rules)',
  against: '`ip` and `nft` commands',
  goals: [ratioAtLeast(7)],
  run: settings =>
    withScratchDirectory(directory =>
      withNamespaces(['host'], async host => [
        {
          label: '',
          figures: await interleave(settings, 'ms', {
            ours: () => ourAccounts(host),
            theirs: () => theirAccounts(host, directory),
          }),
        },
      ]),
    ),
};

async function ourAccounts(host: string): Promise<number> {
  const route = openConnection({ protocol: 'route', netns: namespacePath(host) });
  const accounts: Account[] = [];
  const times: number[] = [];
  try {
    for (let count = 0; count < ACCOUNTS_IN_A_RUN; count++) {
      const rules = exactRules(RULES, seedOf(count));
      times.push(
        await duration(async () => {
          accounts.push(await createAccount(route, benchNamespace(`ours${count}`), `ours${count}`, rules));
        }),
      );
    }
  } finally {
    for (const account of accounts) deleteAccount(account);
    route.close();
    await setTimeout(REST_MS);
  }
  return median(times);
}

async function theirAccounts(host: string, directory: string): Promise<number> {
  const made: string[] = [];
  const times: number[] = [];
  try {
    for (let count = 0; count < ACCOUNTS_IN_A_RUN; count++) {
      const namespace = benchNamespace(`theirs${count}`);
      const file = join(directory, 'account.nft');
      writeFileSync(file, exactNftRuleset(exactRules(RULES, seedOf(count))));
      made.push(namespace);
      times.push(await commandsFor(host, namespace, `theirs${count}`, file));
    }
  } finally {
    for (const namespace of made) await run('ip', 'netns', 'delete', namespace);
    await setTimeout(REST_MS);
  }
  return median(times);
}

/** The sum of the commands, each from its start to its end. */
async function commandsFor(host: string, namespace: string, device: string, file: string): Promise<number> {
  const veth = ['link', 'add', device, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', namespace];
  return (
    (await timed('-', 'ip', 'netns', 'add', namespace)) +
    (await timed(host, 'ip', ...veth)) +
    (await timed(host, 'ip', 'link', 'set', device, 'up')) +
    (await timed(namespace, 'ip', 'link', 'set', 'uplink', 'up')) +
    (await timed(namespace, 'ip', 'link', 'set', 'lo', 'up')) +
    (await timed(namespace, 'nft', '-f', file))
  );
}

function seedOf(count: number): number {
  return Date.now() + count;
}
