// The outside judge: an expression and tshark's display filter for the same condition pick the same frames of a capture of
// real traffic, but for the differences that are explained one by one.

import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { holds } from '../../src/ir/evaluate';
import { dissect, type Packet } from '../../src/packet/packet';
import { ipPacketOf } from '../../src/pcap/link-layer';
import { readCapture } from '../../src/pcap/read-capture';
import { PAIRS } from './display-filters';
import { CAPTURE, HAS_CAPTURE } from './frames';
import { compiledExpression } from './rules';
import { DIFFERENCES } from './tshark-differences';

/** Of tunnels and captures in packets, so that less is taken for the frame's own. */
const INNER = ['erspan', 'geneve', 'mpls', 'sflow', 'vxlan'];
/** No names; each frame by itself, as it was captured; sequence numbers as they stand in the header. */
const OPTIONS = [
  '-n',
  ...['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams', 'tcp.relative_sequence_numbers'].flatMap(
    preference => ['-o', `${preference}:FALSE`],
  ),
  ...INNER.flatMap(protocol => ['--disable-protocol', protocol]),
];

const captured: ReadonlyMap<number, Packet> = new Map(
  [...(HAS_CAPTURE ? readCapture(CAPTURE) : [])].flatMap(frame => {
    const link = ipPacketOf(frame);
    const packet = 'skipped' in link ? undefined : dissect(link.packet);
    return packet === undefined ? [] : [[frame.number, packet]];
  }),
);

const describeWithCapture = HAS_CAPTURE ? describe : describe.skip;

describeWithCapture(
  `tshark picks the same frames of ${CAPTURE}${HAS_CAPTURE ? '' : ' (skipped: it is absent)'}`,
  () => {
    const picked = new Map<string, ReadonlySet<number>>();

    beforeAll(async () => {
      const waiting = [...new Set(PAIRS.map(({ filter }) => filter))];
      const work = async () => {
        for (let filter = waiting.pop(); filter !== undefined; filter = waiting.pop()) {
          picked.set(filter, await pickedByTshark(filter));
        }
      };
      await Promise.all(Array.from({ length: availableParallelism() }, work));
    }, 600_000);

    afterAll(() => {
      const differing = DIFFERENCES.flatMap(({ ours = [], theirs = [] }) => [...ours, ...theirs]).length;
      process.stdout.write(
        `${PAIRS.length} expressions and display filters over ${captured.size} packets; ${differing} explained differences\n`,
      );
    });

    test.each(PAIRS)('$expression is $filter', ({ expression, filter }) => {
      const theirs = picked.get(filter) ?? new Set();
      const ours = pickedByUs(expression);
      expect({
        ours: [...ours].filter(number => !theirs.has(number)),
        theirs: [...theirs].filter(number => !ours.has(number)),
      }).toEqual({ ours: explained(expression, 'ours'), theirs: explained(expression, 'theirs') });
    });

    test('nearly every condition holds of some frames and not of others', () => {
      const none = PAIRS.filter(({ filter }) => picked.get(filter)?.size === 0);
      expect(none.map(({ filter }) => filter)).toEqual(['icmp.type == 3']);
    });
  },
);

test('each difference is one of an expression that is compared', () => {
  const compared = new Set(PAIRS.map(({ expression }) => expression));
  expect(DIFFERENCES.filter(({ expression }) => !compared.has(expression))).toEqual([]);
});

/** A run each: what counts for many filters at once (-z io,stat) leaves out frames that tshark finds malformed. */
async function pickedByTshark(filter: string): Promise<ReadonlySet<number>> {
  const { stdout } = await promisify(execFile)('tshark', [
    ...OPTIONS,
    ...['-r', CAPTURE, '-Y', filter, '-T', 'fields', '-e', 'frame.number'],
  ]);
  return new Set(stdout.split('\n').filter(Boolean).map(Number));
}

function pickedByUs(expression: string): ReadonlySet<number> {
  const { formula } = compiledExpression(expression);
  return new Set([...captured].filter(([, packet]) => holds(formula[packet.family], packet)).map(([number]) => number));
}

function explained(expression: string, side: 'ours' | 'theirs'): number[] {
  const rows = DIFFERENCES.filter(each => each.expression === expression);
  return rows.flatMap(row => row[side] ?? []).sort((a, b) => a - b);
}
