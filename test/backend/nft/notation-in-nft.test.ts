// What `explain` prints is nft's own language: nft itself must accept it, in a namespace of its own and without applying.

import { spawnSync } from 'node:child_process';
import { parseListItem } from '../../../src/account/list-item';
import { printTable } from '../../../src/backend/nft/notation';
import { compile } from '../../../src/compile';
import { createNamespace, deleteNamespace } from '../../../src/netns/namespace';
import { CASES, LISTS } from '../../packet/expressions';

const NAMESPACE = `rampart-test-notation-${process.pid}`;
const HAS_NFT = spawnSync('nft', ['--version']).error === undefined;
if (!HAS_NFT) console.warn('skipped: nft is not installed (apt-get install nftables)');

beforeAll(() => createNamespace(NAMESPACE));
afterAll(() => deleteNamespace(NAMESPACE));

const lists = new Map(
  Object.entries(LISTS).map(([name, items]) => [
    name,
    items.map(parseListItem).flatMap(item => ('family' in item ? [item] : [])),
  ]),
);

const MORE = [
  'bit_slice(udp, 64, 88) in {1 5 9}',
  'bit_slice(ip, 3, 20) in {1 5..7 9}',
  'ip.len in {1 5 9..20}',
  'tcp.flags in {1 2 4}',
  'ip.ttl in {1 3 5}',
];

(HAS_NFT ? describe : describe.skip)('nft accepts the tables of', () => {
  test.each([...CASES.filter(({ nft }) => nft).map(({ expression }) => expression), ...MORE])('%s', expression => {
    const rule = { index: 1, ref: '1', action: 'block', enabled: true, expression } as const;
    const plan = compile({ account: 'test', lists, rules: [rule] });
    if (!plan.ok) throw new Error(JSON.stringify(plan.refused));
    for (const family of ['ip', 'ip6'] as const) {
      const input = printTable(plan.value.tables[family]);
      const nft = spawnSync('ip', ['netns', 'exec', NAMESPACE, 'nft', '--check', '--file', '-'], {
        input,
        encoding: 'utf8',
      });
      expect([nft.status, nft.stderr]).toEqual([0, '']);
    }
  });
});
