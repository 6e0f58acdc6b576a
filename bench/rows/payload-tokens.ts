// Ten rules that each look for a token at the end of a UDP payload of 18 bytes that has none of them. iptables has no match
// for the end alone: its rules look for the token anywhere.

import { payloadTable } from '../packet/ipv4-packet';
import { measurePackets } from '../packet/measure';
import { allCandidates, payloadsWith, plainPayloads, udpPackets } from '../payload-rules';
import { installIptables } from '../peer';
import { type Row, ratioAtLeast } from '../row';

const TOKENS = Array.from({ length: 10 }, (_, position) => `KEY-${position}`);
const PAYLOAD = 18;
const MEASURED = 4096;
const CHECKED = 100_000;

export const PAYLOAD_TOKENS: Row = {
  name: 'payload-tokens',
  what: '10 payload tokens at the end of the payload',
  against: '10 `-m string` rules',
  goals: [ratioAtLeast(15)],
  run: async settings => {
    const { check, figures } = await measurePackets(
      {
        text: { account: 'bench', lists: new Map(), rules: TOKENS.map(ruleText) },
        installPeer: installIptables(TOKENS.map(iptablesRule)),
        candidates: allCandidates(TOKENS.length),
        measured: payloadTable(udpPackets(MEASURED, 1), plainPayloads(MEASURED, PAYLOAD, 2)),
        burst: MEASURED,
        rounds: 100,
        checked: payloadTable(udpPackets(CHECKED, 3), payloadsWith(TOKENS, CHECKED, PAYLOAD, 4)),
      },
      settings,
    );
    return [{ label: '', figures, check, notes: check.examples }];
  },
};

function ruleText(token: string, position: number) {
  return {
    index: position + 1,
    ref: token,
    action: 'block',
    enabled: true,
    expression: `ends_with(udp.payload, "${token}")`,
  } as const;
}

function iptablesRule(token: string): readonly string[] {
  return ['-p', 'udp', '-m', 'string', '--algo', 'bm', '--string', token, '-j', 'DROP'];
}
