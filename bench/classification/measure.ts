// One rules file measured: what the policy made of it adds to a packet, what the same rules one by one in nft add, and
// whether every packet met the verdict and the rule that the evaluator says.

import { withFragments } from '../packet/fragments';
import { packetTable } from '../packet/ipv4-packet';
import { measurePackets, type PacketFigures } from '../packet/measure';
import { installNft } from '../peer';
import type { Settings } from '../row';
import { drawPackets } from './draw-packets';
import type { RangeRule } from './rules-file';
import { candidatesByAddress, nftRuleset, rulesetText } from './ruleset';

/** All in each burst: every packet is another flow, and finds the caches as the other namespaces have left them. */
const MEASURED_PACKETS = 4096;
const CHECKED_PACKETS = 100_000;
const SEED = 1;

export function measureRules(rules: readonly RangeRule[], settings: Settings): Promise<PacketFigures> {
  return measurePackets(
    {
      text: rulesetText(rules),
      installPeer: installNft(nftRuleset(rules)),
      candidates: candidatesByAddress(rules),
      measured: packetTable(drawPackets(rules, MEASURED_PACKETS, SEED + 1)),
      burst: MEASURED_PACKETS,
      // Linear rules take milliseconds a round for every thousand.
      rounds: Math.max(100 / (1 + rules.length / 1000), 10),
      checked: packetTable(withFragments(drawPackets(rules, CHECKED_PACKETS, SEED), SEED)),
    },
    settings,
  );
}
