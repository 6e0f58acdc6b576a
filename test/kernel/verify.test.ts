// A plan in force held against the kernel: what others have done to it is said, and nothing is sent.

import { spawnSync } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import type { Enforcement } from '../../src/reconcile/enforcement';
import type { Verification } from '../../src/reconcile/verify';
import { planOf, type WrittenRule } from '../packet/rules';
import { enforcedNamespace } from './enforced-namespace';
import { listRuleset, nft } from './foreign-nft';

let enforcement: Enforcement;
const { target, restart } = enforcedNamespace('verify', made => {
  enforcement = made;
});
const NAME = target.namespace;
const RULES: readonly WrittenRule[] = [
  { ref: 'log', expression: 'ip.ttl == 1', action: 'log' },
  { ref: 'token', expression: 'ends_with(udp.payload, "verify")', action: 'block' },
  { ref: 'web', expression: 'tcp.dstport in {80 443}', action: 'block' },
];
const MANY: readonly WrittenRule[] = Array.from({ length: 40 }, (_, each) => ({
  ref: `many-${each}`,
  expression: `udp.dstport in {${7000 + each * 100}..${7050 + each * 100}}`,
  action: 'block',
}));

test.each<[string, readonly WrittenRule[]]>([
  ['nft rules and a program', RULES],
  ['a classifier', MANY],
])('all is as the plan asks: %s', async (_, rules) => {
  await enforcement.apply(planOf(rules));
  const before = listRuleset(NAME);
  expect(await enforcement.verify()).toMatchObject({ none: true, missingPins: [] });
  expect(listRuleset(NAME)).toBe(before);
});

describe('damage is found, and mended by putting the plan into force once more:', () => {
  test.each<[string, readonly WrittenRule[], () => Promise<void>, Partial<Verification>]>([
    [
      'a rule flushed away',
      RULES,
      () => nft(NAME, 'flush chain ip rampart magic_transit'),
      { changed: ['log', 'token', 'web'] },
    ],
    ['a rule more', RULES, () => nft(NAME, 'insert rule ip rampart magic_transit accept'), {}],
    ['a foreign chain', RULES, () => nft(NAME, 'add chain ip rampart foreign'), {}],
    ['a table deleted', RULES, () => nft(NAME, 'delete table ip6 rampart'), {}],
    ['all deleted', RULES, () => nft(NAME, 'flush ruleset'), { added: ['log', 'token', 'web'] }],
  ])('%s', async (_, rules, damage, found) => {
    await enforcement.apply(planOf(rules));
    await release();
    await damage();
    const before = listRuleset(NAME);
    expect(await enforcement.verify()).toMatchObject({ none: false, ...found });
    expect(listRuleset(NAME)).toBe(before);
    await enforcement.repair();
    expect(await enforcement.verify()).toMatchObject({ none: true });
  });

  test.each<[string, readonly WrittenRule[]]>([
    ['a program', RULES],
    ['a classifier', MANY],
  ])('pins removed: %s', async (_, rules) => {
    await enforcement.apply(planOf(rules));
    spawnSync('find', ['/sys/fs/bpf/rampart', '-type', 'f', '-path', `*name-${NAME}*`, '-delete']);
    const { none, missingPins } = await enforcement.verify();
    expect({ none, missing: missingPins.length > 0 }).toEqual({ none: false, missing: true });
    // Other processes of the machine give up programs without users; one that looked before may take a pin once more.
    for (let tries = 3; tries > 0 && !(await enforcement.verify()).none; tries--) await enforcement.repair();
    expect(await enforcement.verify()).toMatchObject({ none: true, missingPins: [] });
  });
});

test('before the first plan there is nothing to verify', async () => {
  await expect(enforcement.verify()).rejects.toThrow('no plan is in force yet');
});

/** The tables are then nobody's, and take changes from others: another process has made them. */
async function release(): Promise<void> {
  const plan = enforcement.plan;
  restart();
  if (plan !== undefined) await enforcement.apply(plan);
  while (listRuleset(NAME).includes('progname')) await setImmediate();
}
