// A rule changed in one account while 1,000 are alive, each with its namespace, veth pair, table and open socket, over the
// same while it is alone.

import { setTimeout } from 'node:timers/promises';
import { openConnection } from '../../src/netlink/connection';
import { namespacePath } from '../../src/netns/namespace';
import { type Account, createAccount, deleteAccount } from '../account';
import { compiledRule } from '../compiled';
import { exactRules, exactRuleText } from '../exact-rules';
import { medianDuration } from '../interleave';
import { benchNamespace, withNamespaces } from '../namespace';
import { ratioOf } from '../packet/cost';
import { type Row, ratioAtMost, type Series } from '../row';

const ACCOUNTS = 1000;
const RULES = exactRules(100, 1);
const RULES_OF_OTHERS = exactRules(10, 2);
const OTHER_SOURCES = exactRules(100_000, 3);
const CHANGES = 500;
const REST_MS = 1000;

export const COMMIT_LATENCY: Row = {
  name: 'commit-latency',
  what: 'commit latency with 1,000 accounts alive over one',
  against: 'itself with one',
  goals: [ratioAtMost(1.3)],
  run: ({ runs }) =>
    withNamespaces(['host'], async host => {
      const route = openConnection({ protocol: 'route', netns: namespacePath(host) });
      const measured = await createAccount(route, benchNamespace('measured'), 'measured', RULES);
      const alone: number[] = [];
      const among: number[] = [];
      const others: Account[] = [];
      try {
        await changeLatency(measured);
        for (let run = 0; run < runs; run++) {
          alone.push(await changeLatency(measured));
          for (let count = 1; count < ACCOUNTS; count++) {
            const name = `other${count}`;
            others.push(await createAccount(route, benchNamespace(name), name, RULES_OF_OTHERS));
          }
          await setTimeout(REST_MS);
          among.push(await changeLatency(measured));
          for (const account of others.splice(0)) deleteAccount(account);
          await setTimeout(REST_MS);
        }
      } finally {
        for (const account of [measured, ...others]) deleteAccount(account);
        route.close();
      }
      const ours: Series = { unit: 'us', runs: among };
      const theirs: Series = { unit: 'us', runs: alone };
      return [{ label: '', figures: { ours, theirs, ratio: ratioOf(ours, theirs) } }];
    }),
};

let changes = 0;

/** In microseconds, the median. */
async function changeLatency({ enforcement }: Account): Promise<number> {
  const milliseconds = await medianDuration(CHANGES, async () => {
    const position = changes % RULES.length;
    const rule = exactRuleText(OTHER_SOURCES[changes % OTHER_SOURCES.length] as (typeof RULES)[number], position);
    changes += 1;
    await enforcement.replaceRule(position, compiledRule(rule));
  });
  return milliseconds * 1e3;
}
