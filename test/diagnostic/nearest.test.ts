// Names near a misspelt one.

import { editDistance, nearestNames } from '../../src/diagnostic/nearest';

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'ab', 1],
  ['abc', 'axc', 1],
  ['abc', 'acb', 1],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('from %j to %j it takes %d steps', (from, to, steps) => {
  expect(editDistance(from, to)).toBe(steps);
});

const KNOWN = ['tcp.srcport', 'tcp.dstport', 'udp.dstport', 'ip.src', 'ip.dst', 'ip.ttl'];

test.each([
  ['tcp.dport', ['tcp.dstport']],
  ['TCP.DSTPORT', ['tcp.dstport']],
  ['ip.scr', ['ip.src']],
  ['ucp.dstport', ['tcp.dstport', 'udp.dstport']],
  ['http.host', []],
  ['x', []],
])('near %s lie %j', (name, nearest) => {
  expect(nearestNames(name, KNOWN)).toEqual(nearest);
});
