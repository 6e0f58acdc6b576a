import { codeTable, flagTable } from '../../src/netlink/code-table';

const bases = codeTable({ link: 0, network: 1 });
const flags = flagTable({ dormant: 1, owner: 2, persist: 4 });

test('codes have names and names codes', () => {
  expect([bases.code('network'), bases.name(0), bases.name(7), bases.names]).toEqual([
    1,
    'link',
    undefined,
    ['link', 'network'],
  ]);
});

test.each([
  [0, []],
  [6, ['owner', 'persist']],
  [0x109, ['dormant', '0x108']],
  [0x80000000, ['0x80000000']],
] as const)('the bits %i are %j and back', (bits, names) => {
  expect(flags.flags(bits)).toEqual(names);
  expect(flags.bits(names)).toBe(bits);
});
