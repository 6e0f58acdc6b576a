import { rmSync } from 'node:fs';
import { native } from '../../../../src/native';
import { encodeBatch } from '../../../../src/netlink/nftables/batch';
import { pinnedProgramMatch, pinnedProgramPath } from '../../../../src/netlink/nftables/expression/xt-bpf-info';
import { decodeRule, dumpRules } from '../../../../src/netlink/nftables/rule';
import { makeNamespace, type TestNamespace } from '../../namespace';
import { messagesText } from '../messages-text';

const ZEROS = (bytes: number) => '00'.repeat(bytes);

test('a rule with a pinned program has the bytes of iptables-nft -t raw -A PREROUTING -m bpf --object-pinned /sys/fs/bpf/nlk-rec -j DROP', () => {
  // iptables opens the pin itself and leaves its descriptor, 4, in the struct, where the kernel does not look: ours is 0.
  const recorded = `
      0a06 0c01 02000000
      08000100 72617700
      0f000200 50524552 4f555449 4e470000
      98020480
        38020180 0a000100 6d617463 68000000 28020280 08000100 62706600 08000200 00000001 14020300 01000000 00000000 2f737973 2f66732f 6270662f 6e6c6b2d 72656300 ${ZEROS(500)}
        2c000180 0c000100 636f756e 74657200 1c000280 0c000100 00000000 00000000 0c000200 00000000 00000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
      14000580 08000100 00000000 08000200 00000000
    `;
  const { bytes, end } = encodeBatch([
    {
      operation: 'add',
      object: {
        kind: 'rule',
        family: 'ip',
        table: 'raw',
        chain: 'PREROUTING',
        expressions: [
          pinnedProgramMatch('/sys/fs/bpf/nlk-rec'),
          { kind: 'counter', packets: 0n, bytes: 0n },
          { kind: 'verdict', verdict: { code: 'drop' } },
        ],
        compat: { protocol: 0, invert: false },
      },
    },
  ]);
  expect(messagesText(bytes.subarray(20, end))).toBe(messagesText(recorded));
});

test('the longest path has 511 bytes', () => {
  const path = `/${'p'.repeat(510)}`;
  const { info } = pinnedProgramMatch(path);
  expect(info).toHaveLength(528);
  expect(pinnedProgramPath(pinnedProgramMatch(path))).toBe(path);
  expect(() => pinnedProgramMatch(`${path}p`)).toThrow(
    expect.objectContaining({ name: 'NetlinkError', code: 'ENAMETOOLONG', subject: `${path}p` }),
  );
});

test('bytes are counted, not characters', () => {
  expect(() => pinnedProgramMatch(`/${'é'.repeat(256)}`)).toThrow(expect.objectContaining({ code: 'ENAMETOOLONG' }));
});

test.each([
  ['another match', { kind: 'match', name: 'limit', revision: 0, info: new Uint8Array(528) }],
  ['another revision', { kind: 'match', name: 'bpf', revision: 0, info: new Uint8Array(528) }],
  ['another size', { kind: 'match', name: 'bpf', revision: 1, info: new Uint8Array(520) }],
  ['classic BPF (mode 0)', { kind: 'match', name: 'bpf', revision: 1, info: new Uint8Array(528) }],
] as const)('%s has no path', (_, match) => {
  expect(pinnedProgramPath(match)).toBeUndefined();
});

describe('in the kernel', () => {
  const pin = `/sys/fs/bpf/netlink-xt-bpf-${process.pid}`;
  const SOCKET_FILTER = 1;
  let namespace: TestNamespace;

  beforeAll(() => {
    namespace = makeNamespace('xt-bpf');
    // r0 = 1; exit
    const instructions = Uint8Array.from(Buffer.from('b700000001000000' + '9500000000000000', 'hex'));
    const program = native.loadProgram({ type: SOCKET_FILTER, name: 'match_all', license: 'GPL', instructions });
    program.pin(pin);
    program.close();
  });

  afterAll(() => {
    rmSync(pin, { force: true });
    namespace.remove();
  });

  test.each(['ip', 'ip6', 'inet'] as const)(
    'a rule of family %s takes a pinned program and lists its path',
    async family => {
      const connection = namespace.connect('netfilter');
      const inTable = { family, table: 't' } as const;
      await connection.commit(
        encodeBatch([
          { operation: 'add', object: { kind: 'table', family, name: 't' } },
          {
            operation: 'add',
            object: {
              kind: 'chain',
              ...inTable,
              name: 'c',
              base: { type: 'filter', hook: 'prerouting', priority: -300, policy: 'accept' },
            },
          },
          {
            operation: 'add',
            object: {
              kind: 'rule',
              ...inTable,
              chain: 'c',
              expressions: [pinnedProgramMatch(pin), { kind: 'counter' }],
            },
          },
        ]),
      );
      const [rule] = (await connection.dump(dumpRules(family, 't', 'c'))).map(decodeRule);
      const [match] = rule?.expressions ?? [];
      expect(match?.kind === 'match' && pinnedProgramPath(match)).toBe(pin);
    },
  );
});
