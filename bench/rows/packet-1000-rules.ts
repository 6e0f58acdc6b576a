// 1,000 rules that name a source and a port each, and packets from other sources: each of them asks every linear rule.

import {
  candidatesBySource,
  exactNftRuleset,
  exactRules,
  exactRulesetText,
  packetsToCheck,
  randomSources,
} from '../exact-rules';
import { packetTable } from '../packet/ipv4-packet';
import { measurePackets } from '../packet/measure';
import { installNft } from '../peer';
import { type Row, ratioAtLeast } from '../row';

const RULES = exactRules(1000, 1);

export const PACKET_1000_RULES: Row = {
  name: 'packet-1000-rules',
  what: 'packet cost added by 1,000 rules, random sources',
  against: 'linear nft rules',
  goals: [ratioAtLeast(30)],
  run: async settings => {
    const { check, figures } = await measurePackets(
      {
        text: exactRulesetText(RULES),
        installPeer: installNft(exactNftRuleset(RULES)),
        candidates: candidatesBySource(RULES),
        measured: packetTable(randomSources(4096, 2)),
        burst: 4096,
        rounds: 60,
        checked: packetsToCheck(RULES),
      },
      settings,
    );
    return [{ label: '', figures, check, notes: check.examples }];
  },
};
