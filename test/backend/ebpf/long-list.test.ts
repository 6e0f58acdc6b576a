// Lists too long to spell out: the search in an array, on both sides of every kind of border.

import { type ListItem, parseListItem } from '../../../src/account/list-item';
import { programFor } from '../../../src/backend/ebpf/program';
import { compileExpression } from '../../../src/compile';
import { testRunOnPacket } from '../../../src/ebpf/program';
import type { BpfProgram } from '../../../src/native';
import { ipPacket, udp } from '../../../src/packet/build';
import type { PacketFamily } from '../../../src/packet/packet';
import { loadProgram } from '../../kernel/load-program';

const COUNT = 100_000;
const hex = (i: number) => i.toString(16);
const NETWORKS = Array.from({ length: COUNT }, (_, i) => [
  `${10 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.64/26`,
  `2001:db8:${hex(i >> 8)}:${hex(i & 255)}:8000::/65`,
]).flat();

let programs: Readonly<Record<PacketFamily, BpfProgram>>;

beforeAll(async () => {
  const compiled = compileExpression('ip.src in $many', new Map([['many', NETWORKS.map(itemOf)]]));
  if (!compiled.ok) throw new Error('the expression is refused');
  const { formula } = compiled.value;
  programs = {
    ip: await loadProgram(programFor(formula.ip, 'ip')),
    ip6: await loadProgram(programFor(formula.ip6, 'ip6')),
  };
}, 60_000);

afterAll(() => {
  programs.ip.close();
  programs.ip6.close();
});

test.each<[string, boolean]>([
  ['10.0.0.63', false],
  ['10.0.0.64', true],
  ['10.0.0.127', true],
  ['10.0.0.128', false],
  ['10.128.7.100', true],
  ['11.134.159.127', true],
  ['11.134.159.128', false],
  ['11.134.160.64', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['2001:db8:0:0:7fff:ffff:ffff:ffff', false],
  ['2001:db8:0:0:8000::', true],
  ['2001:db8:0:0:ffff:ffff:ffff:ffff', true],
  ['2001:db8:0:1::', false],
  ['2001:db8:186:9f:8000::1', true],
  ['2001:db8:186:a0:8000::1', false],
  ['2001:db9:100::', false],
  ['::', false],
  ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', false],
])('of 100,000 networks one has %s: %s', (source, expected) => {
  const family = source.includes(':') ? 'ip6' : 'ip';
  const packet = ipPacket({ source, destination: family === 'ip' ? '1.1.1.1' : '1::1' }, udp(1, 2));
  expect(testRunOnPacket(programs[family], packet).retval).toBe(expected ? 1 : 0);
});

function itemOf(text: string): ListItem {
  const item = parseListItem(text);
  if (!('family' in item)) throw new Error(`${text} is no network`);
  return item;
}
