// The check of a policy in force against the evaluator: it finds nothing where they agree, and the packets where not.

import { compiledPlan, compiledRuleset } from '../../bench/compiled';
import { withNamespaces } from '../../bench/namespace';
import { check } from '../../bench/packet/check';
import { type Ipv4Packet, packetTable } from '../../bench/packet/ipv4-packet';
import { OBJECT_CACHE, withScratchDirectory } from '../../bench/place';
import type { RulesetText } from '../../src/compile';
import { apply } from '../../src/reconcile/apply';

const WEB = { ref: 'web', action: 'block', enabled: true, expression: 'tcp.dstport == 80' } as const;
const FRIEND = { ref: 'friend', action: 'skip', enabled: true, expression: 'ip.src == 192.0.2.1' } as const;

const FROM_FRIEND = 0xc0000201;
const FROM_OTHER = 0xc0000202;

const PACKETS: readonly Ipv4Packet[] = [
  packet(FROM_OTHER, 80),
  packet(FROM_OTHER, 81),
  packet(FROM_FRIEND, 81),
  packet(FROM_FRIEND, 80),
];

function packet(source: number, destinationPort: number): Ipv4Packet {
  return { source, destination: 0x0a000001, protocol: 6, sourcePort: 40000, destinationPort, flags: 2 };
}

function policy(...rules: readonly (typeof WEB | typeof FRIEND)[]): RulesetText {
  return {
    account: 'bench',
    lists: new Map(),
    rules: rules.map((rule, position) => ({ ...rule, index: position + 1 })),
  };
}

function checked(inForce: RulesetText, meant: RulesetText) {
  return withScratchDirectory(directory =>
    withNamespaces(['check'], async namespace => {
      await apply(compiledPlan(compiledRuleset(inForce)), { namespace }, OBJECT_CACHE);
      return check({
        namespace,
        ruleset: compiledRuleset(meant),
        packets: packetTable(PACKETS),
        candidates: () => [0, 1],
        directory,
      });
    }),
  );
}

test('a policy that does what the evaluator says has no difference', async () => {
  const result = await checked(policy(WEB, FRIEND), policy(WEB, FRIEND));
  expect(result).toEqual({ packets: 4, differences: 0, examples: [] });
});

test('the packet that another rule decides is found', async () => {
  const result = await checked(policy(FRIEND, WEB), policy(WEB, FRIEND));
  expect(result.differences).toBe(1);
  // From 192.0.2.1 to port 80.
  expect(result.examples).toEqual([
    expect.stringMatching(/^4500.{20}c0000201.{12}0050.* should be decided by rule web$/),
  ]);
});
