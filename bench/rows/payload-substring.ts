// One rule that looks for a word anywhere in a UDP payload of 256 bytes that does not have it.

import { payloadTable } from '../packet/ipv4-packet';
import { measurePackets } from '../packet/measure';
import { allCandidates, payloadsWith, plainPayloads, udpPackets } from '../payload-rules';
import { installIptables } from '../peer';
import { type Row, ratioAtLeast } from '../row';

/** The longer the word, the farther Boyer and Moore's search jumps. */
const WORD = 'passwd';
const PAYLOAD = 256;
const MEASURED = 512;
const CHECKED = 100_000;

export const PAYLOAD_SUBSTRING: Row = {
  name: 'payload-substring',
  what: 'substring in 256 bytes of payload',
  against: '`-m string --algo bm`',
  goals: [ratioAtLeast(1.8)],
  run: async settings => {
    const { check, figures } = await measurePackets(
      {
        text: {
          account: 'bench',
          lists: new Map(),
          rules: [
            { index: 1, ref: 'word', action: 'block', enabled: true, expression: `udp.payload contains "${WORD}"` },
          ],
        },
        installPeer: installIptables([['-p', 'udp', '-m', 'string', '--algo', 'bm', '--string', WORD, '-j', 'DROP']]),
        candidates: allCandidates(1),
        measured: payloadTable(udpPackets(MEASURED, 1), plainPayloads(MEASURED, PAYLOAD, 2)),
        burst: 4096,
        rounds: 100,
        checked: payloadTable(udpPackets(CHECKED, 3), payloadsWith([WORD], CHECKED, PAYLOAD, 4)),
      },
      settings,
    );
    return [{ label: '', figures, check, notes: check.examples }];
  },
};
