// What `explain` prints is nft's own language: nft itself must accept it, in a namespace of its own and without applying.

import { spawnSync } from 'node:child_process';
import { parseListItem } from '../../../src/account/list-item';
import { printTable } from '../../../src/backend/nft/notation';
import { compile, DEFAULT_OPTIONS, type RuleText } from '../../../src/compile';
import { createNamespace, deleteNamespace } from '../../../src/netns/namespace';
import type { StageChoice } from '../../../src/stage/stage';
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

/** Of a key of each kind; each rule has its number for #. */
const MAPS = [
  'ip.ttl == #',
  'ip.len == # and ip.ttl < 9',
  'ip.src == 192.0.2.# and ip.dst == 192.0.2.1 and tcp.srcport == 7 and tcp.dstport in {# 80}',
  'in_iface == "eth#" and ip.proto == "udp"',
  'bit_slice(udp, 64, 88) == # and udp.dstport > 9',
  'ip.src == 192.0.2.# and bit_slice(udp, 64, 88) == 9',
];

(HAS_NFT ? describe : describe.skip)('nft accepts the tables of', () => {
  test.each([...CASES.filter(({ nft }) => nft).map(({ expression }) => expression), ...MORE])('%s', expression => {
    expectAccepted([{ index: 1, ref: '1', action: 'block', enabled: true, expression }], 'linear');
  });

  test.each(MAPS)('a map of %s', expression => {
    const rules = ['1', '2', '3'].map(ref => {
      return {
        index: Number(ref),
        ref,
        action: 'skip',
        enabled: true,
        expression: expression.replaceAll('#', ref),
      } as const;
    });
    expectAccepted(rules, 'verdict_map');
  });
});

function expectAccepted(rules: readonly RuleText[], stages: StageChoice): void {
  const plan = compile({ account: 'test', lists, rules }, { ...DEFAULT_OPTIONS, stages });
  if (!plan.ok) throw new Error(JSON.stringify(plan.refused));
  expect(plan.value.tables.ip.maps).toHaveLength(stages === 'verdict_map' ? 1 : 0);
  for (const family of ['ip', 'ip6'] as const) {
    const input = printTable(plan.value.tables[family]);
    const nft = spawnSync('ip', ['netns', 'exec', NAMESPACE, 'nft', '--check', '--file', '-'], {
      input,
      encoding: 'utf8',
    });
    expect([nft.status, nft.stderr]).toEqual([0, '']);
  }
}
