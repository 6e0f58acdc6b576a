// Rules that would take an account's own tunnels down are told with the document, before anything is applied.

import { DEFAULT_OPTIONS } from '../../src/compile';
import { readDocument } from '../../src/desired/read-document';

const TUNNEL = 'name: fra1, kind: gre, local: 192.0.2.1, remote: 192.0.2.2, addresses: [10.255.0.0/31]';

function document(tunnel: string, rule: string): string {
  return `account: acme\ntunnels:\n  - {${tunnel}}\nrules:\n  - {ref: rest, action: block, expression: '${rule}'}\n`;
}

test.each<[string, string, readonly object[]]>([
  [
    'a rule that drops the answers of a tunnel',
    document(`${TUNNEL}, health: {direction: bidirectional}`, 'ip.src == 10.255.0.1'),
    [
      {
        code: 'health.probe_blocked',
        rule: 'rest',
        message: 'rule rest drops the answers to the health probes of tunnel fra1, which would be taken for down',
        cure: 'before it, skip what matches: icmp.type == 0 and ip.src == 10.255.0.1 and ip.dst == 10.255.0.0',
      },
    ],
  ],
  ['a rule about other packets', document(`${TUNNEL}, health: {direction: bidirectional}`, 'ip.src == 10.255.0.2'), []],
  ['a tunnel that nobody probes', document(TUNNEL, 'ip.src == 10.255.0.1'), []],
])('%s', (_, text, warnings) => {
  expect(readDocument({ text, source: 'acme.yaml' }, DEFAULT_OPTIONS).warnings).toEqual(warnings);
});
