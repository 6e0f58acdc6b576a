// What nft 1.0.6 sends for a command, recorded with strace, and the operations that must give the same bytes. Each
// message is its type, its flags and its bytes after the nlmsghdr: the nfgenmsg, then one attribute a line.

import type { BatchOperation } from '../../../src/netlink/nftables/batch-operation';
import { concatenatedType, DATATYPES } from '../../../src/netlink/nftables/datatype';
import type { SetElement } from '../../../src/netlink/nftables/element';
import type { Expression } from '../../../src/netlink/nftables/expression/expression';
import { registerAtWord } from '../../../src/netlink/nftables/expression/register';
import { intervalElements } from '../../../src/netlink/nftables/interval-element';
import type { NftSet } from '../../../src/netlink/nftables/set';
import { commentUserdata, encodeTlvs, setUserdata } from '../../../src/netlink/nftables/userdata';

export interface RecordedCase {
  readonly command: string;
  readonly operations: readonly BatchOperation[];
  readonly recorded: string;
  /** Where we differ on purpose: what the recording becomes, and why the kernel does not care. */
  readonly differently?: { readonly because: string; readonly sent: string };
}

const table = { kind: 'table', family: 'ip', name: 't' } as const;
const inTable = { family: 'ip', table: 't' } as const;

const address = (a: number, b: number, c: number, d: number): Uint8Array => Uint8Array.of(a, b, c, d);
const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const SADDR: Expression = { kind: 'payload', base: 'network', offset: 12, length: 4, destination: 1 };
const DPORT: Expression = { kind: 'payload', base: 'transport', offset: 2, length: 2, destination: 1 };
const L4PROTO: Expression = { kind: 'meta', key: 'l4proto', destination: 1 };
const IS_TCP: Expression = { kind: 'cmp', source: 1, operator: 'eq', value: Uint8Array.of(6) };
const ACCEPT: Expression = { kind: 'verdict', verdict: { code: 'accept' } };
const DROP: Expression = { kind: 'verdict', verdict: { code: 'drop' } };

const equal = (value: Uint8Array): Expression => ({ kind: 'cmp', source: 1, operator: 'eq', value });

function rule(...expressions: readonly Expression[]): readonly BatchOperation[] {
  return [{ operation: 'add', object: { kind: 'rule', ...inTable, chain: 'c', expressions } }];
}

function set(members: Partial<NftSet> & Pick<NftSet, 'name'>): readonly BatchOperation[] {
  const addresses = { flags: [], keyType: 7, keyLength: 4 };
  return [{ operation: 'add', object: { kind: 'set', ...inTable, ...addresses, ...members } }];
}

const ADDRESSES = setUserdata({ keyByteorder: 'network' });

/** nft's notes for itself. */
const KEY_IN_NETWORK_ORDER = { type: 0, value: Uint8Array.of(2, 0, 0, 0) };
const DATA_NO_INTERVAL = { type: 6, value: Uint8Array.of(0, 0, 0, 0) };

/** Byte orders of key and data: 2 is network order, 1 the host's. */
function mapUserdata(keyByteorder: number, dataByteorder: number): Uint8Array {
  return encodeTlvs([
    { type: 0, value: Uint8Array.of(keyByteorder, 0, 0, 0) },
    { type: 1, value: Uint8Array.of(dataByteorder, 0, 0, 0) },
    DATA_NO_INTERVAL,
  ]);
}

/** nft's description of the key's two fields. */
const CONCAT = hex('000400000000 0308 00040d000000 0100');

const TYPEOF_IP_SADDR = { type: 3, value: hex('000407000000 010c 00040c000000 01040b000000') };
const ACCEPTED = { kind: 'verdict', verdict: { code: 'accept' } } as const;
const DROPPED = { kind: 'verdict', verdict: { code: 'drop' } } as const;

/** nft begins an interval set with this where its first interval does not start at 0; look-ups do the same without. */
const NOTHING_BEFORE: SetElement = { key: address(0, 0, 0, 0), flags: ['interval_end'] };

/** nft's note for itself on an interval without an end. */
const OPEN_INTERVAL = encodeTlvs([{ type: 1, value: Uint8Array.of(1, 0, 0, 0) }]);

function openLast(elements: readonly SetElement[]): readonly SetElement[] {
  return elements.map((element, index) =>
    index === elements.length - 1 ? { ...element, userdata: OPEN_INTERVAL } : element,
  );
}

export const RECORDED: readonly RecordedCase[] = [
  {
    command: 'add table ip t { comment "hello"; }',
    operations: [{ operation: 'add', object: { ...table, userdata: commentUserdata('hello') } }],
    recorded: `
      0a00 0001 02000000
      06000100 74000000
      08000200 00000000
      0c000600 00066865 6c6c6f00
    `,
    differently: {
      because: 'nft leaves NLM_F_CREATE out for tables; nf_tables_newtable() does not look at it',
      sent: `
      0a00 0401 02000000
      06000100 74000000
      08000200 00000000
      0c000600 00066865 6c6c6f00
    `,
    },
  },
  {
    command: 'create table ip t2',
    operations: [{ operation: 'create', object: { ...table, name: 't2' } }],
    recorded: `
      0a00 0201 02000000
      07000100 74320000
      08000200 00000000
    `,
    differently: {
      because: 'nft leaves NLM_F_CREATE out for tables; nf_tables_newtable() does not look at it',
      sent: `
      0a00 0601 02000000
      07000100 74320000
      08000200 00000000
    `,
    },
  },
  {
    command: 'add table ip6 t2 { flags dormant; }',
    operations: [{ operation: 'add', object: { kind: 'table', family: 'ip6', name: 't2', flags: ['dormant'] } }],
    recorded: `
      0a00 0001 0a000000
      07000100 74320000
      08000200 00000001
    `,
    differently: {
      because: 'nft leaves NLM_F_CREATE out for tables; nf_tables_newtable() does not look at it',
      sent: `
      0a00 0401 0a000000
      07000100 74320000
      08000200 00000001
    `,
    },
  },
  {
    command: 'add chain ip t c { type filter hook prerouting priority raw; policy drop; comment "base"; }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'chain',
          ...inTable,
          name: 'c',
          base: { type: 'filter', hook: 'prerouting', priority: -300, policy: 'drop' },
          userdata: commentUserdata('base'),
        },
      },
    ],
    recorded: `
      0a03 0401 02000000
      06000100 74000000
      06000300 63000000
      0b000700 66696c74 65720000
      08000500 00000000
      14000480 08000100 00000000 08000200 fffffed4
      0b000c00 00056261 73650000
    `,
  },
  {
    command: 'add chain ip t r',
    operations: [{ operation: 'add', object: { kind: 'chain', ...inTable, name: 'r' } }],
    recorded: `
      0a03 0401 02000000
      06000100 74000000
      06000300 72000000
    `,
  },
  {
    command: 'create chain ip t r3',
    operations: [{ operation: 'create', object: { kind: 'chain', ...inTable, name: 'r3' } }],
    recorded: `
      0a03 0601 02000000
      06000100 74000000
      07000300 72330000
    `,
  },
  {
    command: 'add set ip t s { type ipv4_addr; flags interval; }',
    operations: set({ name: 's', flags: ['interval'], id: 1, userdata: ADDRESSES }),
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      06000200 73000000
      08000300 00000004
      08000400 00000007
      08000500 00000004
      08000a00 00000001
      0a000d00 00040200 00000000
    `,
  },
  {
    command: 'add set ip t e { type ipv4_addr; comment "hosts"; }',
    operations: set({ name: 'e', id: 1, userdata: setUserdata({ keyByteorder: 'network', comment: 'hosts' }) }),
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      06000200 65000000
      08000300 00000000
      08000400 00000007
      08000500 00000004
      08000a00 00000001
      12000d00 00040200 00000706 686f7374 73000000
    `,
  },
  {
    command: 'add set ip t to { type ipv4_addr; flags timeout; timeout 1h; size 1000; counter; }',
    operations: set({
      name: 'to',
      flags: ['timeout'],
      id: 1,
      size: 1000,
      timeout: 3600000n,
      userdata: ADDRESSES,
      expressions: [{ kind: 'counter' }],
    }),
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      07000200 746f0000
      08000300 00000010
      08000400 00000007
      08000500 00000004
      08000a00 00000001
      0c000980 08000100 000003e8
      0c000b00 00000000 0036ee80
      0a000d00 00040200 00000000
      14001180 0c000100 636f756e 74657200 04000280
    `,
  },
  {
    command: 'add set ip t cat { type ipv4_addr . inet_service; flags interval; }',
    operations: set({
      name: 'cat',
      flags: ['interval', 'concat'],
      keyType: concatenatedType(['ipv4_addr', 'inet_service']),
      keyLength: 8,
      id: 1,
      fieldLengths: [4, 2],
      userdata: CONCAT,
    }),
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      08000200 63617400
      08000300 00000084
      08000400 000001cd
      08000500 00000008
      08000a00 00000001
      20000980 1c000280 0c000180 08000100 00000004 0c000180 08000100 00000002
      14000d00 00040000 00000308 00040d00 00000100
    `,
  },
  {
    command: 'add element ip t cat { 10.0.0.0/8 . 80-90 }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'cat',
          setId: 4,
          elements: [{ key: hex('0a000000 00500000'), keyEnd: hex('0affffff 005a0000') }],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      08000200 63617400
      08000400 00000004
      28000380
        24000180 10000180 0c000100 0a000000 00500000 10000a80 0c000100 0affffff 005a0000
    `,
  },
  {
    command: 'add element ip t cat2 { 10.0.0.1 . 80 . tcp comment "one" }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'cat2',
          setId: 5,
          elements: [{ key: hex('0a000001 00500000 06000000'), userdata: commentUserdata('one') }],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      09000200 63617432 00000000
      08000400 00000005
      28000380
        24000180 14000180 10000100 0a000001 00500000 06000000 0a000600 00046f6e 65000000
    `,
  },
  {
    command: 'add map ip t m { type inet_service : verdict; }',
    operations: set({
      name: 'm',
      flags: ['map'],
      keyType: DATATYPES.inet_service,
      keyLength: 2,
      dataType: DATATYPES.verdict,
      dataLength: 0,
      id: 1,
      userdata: mapUserdata(2, 0),
    }),
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      06000200 6d000000
      08000300 00000008
      08000400 0000000d
      08000500 00000002
      08000600 ffffff00
      08000700 00000000
      08000a00 00000001
      16000d00 00040200 00000104 00000000 06040000 00000000
    `,
  },
  {
    command: 'add map ip t v { type ipv4_addr . inet_service : verdict; counter; }',
    operations: set({
      name: 'v',
      flags: ['map'],
      keyType: concatenatedType(['ipv4_addr', 'inet_service']),
      keyLength: 8,
      dataType: DATATYPES.verdict,
      dataLength: 0,
      id: 1,
      userdata: encodeTlvs([
        { type: 0, value: new Uint8Array(4) },
        { type: 1, value: new Uint8Array(4) },
        { type: 3, value: hex('00040d000000 0100') },
        DATA_NO_INTERVAL,
      ]),
      expressions: [{ kind: 'counter' }],
    }),
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      06000200 76000000
      08000300 00000008
      08000400 000001cd
      08000500 00000008
      08000600 ffffff00
      08000700 00000000
      08000a00 00000001
      20000d00 00040000 00000104 00000000 03080004 0d000000 01000604 00000000
      14001180 0c000100 636f756e 74657200 04000280
    `,
  },
  {
    command: 'add element ip t v { 10.0.0.1 . 80 comment "a" : drop }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'v',
          setId: 1,
          elements: [{ key: hex('0a000001 00500000'), data: DROPPED, userdata: commentUserdata('a') }],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      06000200 76000000
      08000400 00000001
      30000380
        2c000180 10000180 0c000100 0a000001 00500000 10000280 0c000280 08000100 00000000 08000600 00026100
    `,
  },
  {
    command: 'add map ip t md { type ipv4_addr : mark; }',
    operations: set({
      name: 'md',
      flags: ['map'],
      dataType: DATATYPES.mark,
      dataLength: 4,
      id: 1,
      userdata: mapUserdata(2, 1),
    }),
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      07000200 6d640000
      08000300 00000008
      08000400 00000007
      08000500 00000004
      08000600 00000013
      08000700 00000004
      08000a00 00000001
      16000d00 00040200 00000104 01000000 06040000 00000000
    `,
  },
  {
    command: 'add map ip t mc { type ipv4_addr : counter; }',
    operations: set({
      name: 'mc',
      flags: ['object'],
      objectType: 1,
      id: 1,
      userdata: encodeTlvs([KEY_IN_NETWORK_ORDER, DATA_NO_INTERVAL]),
    }),
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      07000200 6d630000
      08000300 00000040
      08000400 00000007
      08000500 00000004
      08000f00 00000001
      08000a00 00000001
      10000d00 00040200 00000604 00000000
    `,
  },
  {
    command: 'add counter ip t cn { comment "cnt"; }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'counter_object',
          ...inTable,
          name: 'cn',
          packets: 0n,
          bytes: 0n,
          userdata: commentUserdata('cnt'),
        },
      },
    ],
    recorded: `
      0a12 0401 02000000
      06000100 74000000
      07000200 636e0000
      08000300 00000001
      0a000800 0004636e 74000000
      1c000480 0c000100 00000000 00000000 0c000200 00000000 00000000
    `,
  },
  {
    command: 'add counter ip t cn2 { packets 5 bytes 7; }',
    operations: [
      { operation: 'add', object: { kind: 'counter_object', ...inTable, name: 'cn2', packets: 5n, bytes: 7n } },
    ],
    recorded: `
      0a12 0401 02000000
      06000100 74000000
      08000200 636e3200
      08000300 00000001
      1c000480 0c000100 00000000 00000007 0c000200 00000000 00000005
    `,
  },
  {
    command: 'add element ip t s { 11.0.0.0/8, 1.0.0.0-1.0.0.5 }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 's',
          setId: 1,
          elements: intervalElements([
            { from: address(1, 0, 0, 0), to: address(1, 0, 0, 5) },
            { from: address(11, 0, 0, 0), to: address(11, 255, 255, 255) },
          ]),
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      06000200 73000000
      08000400 00000001
      54000380
        10000180 0c000180 08000100 01000000
        18000280 08000300 00000001 0c000180 08000100 01000006
        10000380 0c000180 08000100 0b000000
        18000480 08000300 00000001 0c000180 08000100 0c000000
    `,
  },
  {
    command: 'add element ip t s { 10.0.0.0/8, 255.0.0.0/8 }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 's',
          setId: 1,
          elements: [
            NOTHING_BEFORE,
            ...intervalElements([{ from: address(10, 0, 0, 0), to: address(10, 255, 255, 255) }]),
            { key: address(255, 0, 0, 0), userdata: OPEN_INTERVAL },
          ],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      06000200 73000000
      08000400 00000001
      60000380
        18000180 08000300 00000001 0c000180 08000100 00000000
        10000280 0c000180 08000100 0a000000
        18000380 08000300 00000001 0c000180 08000100 0b000000
        1c000480 0c000180 08000100 ff000000 0a000600 01040100 00000000
    `,
  },
  {
    command:
      'add element ip t mi { 10.0.0.0/8 : drop, 11.0.0.0/8 : accept, 255.255.255.255 : accept, 0.0.0.0/8 : accept }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'mi',
          setId: 1,
          elements: openLast(
            intervalElements([
              { from: address(0, 0, 0, 0), to: address(0, 255, 255, 255), data: ACCEPTED },
              { from: address(10, 0, 0, 0), to: address(10, 255, 255, 255), data: DROPPED },
              { from: address(11, 0, 0, 0), to: address(11, 255, 255, 255), data: ACCEPTED },
              { from: address(255, 255, 255, 255), to: address(255, 255, 255, 255), data: ACCEPTED },
            ]),
          ),
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      07000200 6d690000
      08000400 00000001
      d8000380
        20000180 0c000180 08000100 00000000 10000280 0c000280 08000100 00000001
        18000280 08000300 00000001 0c000180 08000100 01000000
        20000380 0c000180 08000100 0a000000 10000280 0c000280 08000100 00000000
        18000480 08000300 00000001 0c000180 08000100 0b000000
        20000580 0c000180 08000100 0b000000 10000280 0c000280 08000100 00000001
        18000680 08000300 00000001 0c000180 08000100 0c000000
        2c000780 0c000180 08000100 ffffffff 10000280 0c000280 08000100 00000001 0a000600 01040100 00000000
    `,
  },
  {
    command: 'add element ip6 t si6 { 2001:db8::/32 }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          family: 'ip6',
          table: 't',
          set: 'si6',
          setId: 3,
          elements: [
            { key: new Uint8Array(16), flags: ['interval_end'] },
            ...intervalElements([
              { from: hex('20010db8 00000000 00000000 00000000'), to: hex('20010db8 ffffffff ffffffff ffffffff') },
            ]),
          ],
        },
      },
    ],
    recorded: `
      0a0c 0401 0a000000
      06000100 74000000
      08000200 73693600
      08000400 00000003
      68000380
        24000180 08000300 00000001 18000180 14000100 00000000 00000000 00000000 00000000
        1c000280 18000180 14000100 20010db8 00000000 00000000 00000000
        24000380 08000300 00000001 18000180 14000100 20010db9 00000000 00000000 00000000
    `,
  },
  {
    command: 'add element ip t e { 10.0.0.1, 10.0.0.2 comment "two" }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'e',
          setId: 2,
          elements: [{ key: address(10, 0, 0, 1) }, { key: address(10, 0, 0, 2), userdata: commentUserdata('two') }],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      06000200 65000000
      08000400 00000002
      30000380
        10000180 0c000180 08000100 0a000001
        1c000280 0c000180 08000100 0a000002 0a000600 00047477 6f000000
    `,
  },
  {
    command: 'add element ip t to { 10.0.0.1 timeout 30s }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'to',
          setId: 3,
          elements: [{ key: address(10, 0, 0, 1), timeout: 30000n }],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      07000200 746f0000
      08000400 00000003
      20000380
        1c000180 0c000400 00000000 00007530 0c000180 08000100 0a000001
    `,
  },
  {
    command: 'add element ip t m { 80 : accept, 443 : jump r, 8080 : goto r, 1 : drop, 2: return, 3: continue }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'm',
          setId: 6,
          elements: [
            { key: u16(80), data: ACCEPTED },
            { key: u16(443), data: { kind: 'verdict', verdict: { code: 'jump', chain: 'r' } } },
            { key: u16(8080), data: { kind: 'verdict', verdict: { code: 'goto', chain: 'r' } } },
            { key: u16(1), data: DROPPED },
            { key: u16(2), data: { kind: 'verdict', verdict: { code: 'return' } } },
            { key: u16(3), data: { kind: 'verdict', verdict: { code: 'continue' } } },
          ],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      06000200 6d000000
      08000400 00000006
      d4000380
        20000180 0c000180 06000100 00500000 10000280 0c000280 08000100 00000001
        28000280 0c000180 06000100 01bb0000 18000280 14000280 08000100 fffffffd 06000200 72000000
        28000380 0c000180 06000100 1f900000 18000280 14000280 08000100 fffffffc 06000200 72000000
        20000480 0c000180 06000100 00010000 10000280 0c000280 08000100 00000000
        20000580 0c000180 06000100 00020000 10000280 0c000280 08000100 fffffffb
        20000680 0c000180 06000100 00030000 10000280 0c000280 08000100 ffffffff
    `,
  },
  {
    command: 'add element ip t md { 10.0.0.1 : 0x7 }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'md',
          setId: 7,
          elements: [{ key: address(10, 0, 0, 1), data: { kind: 'value', value: hex('07000000') } }],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      07000200 6d640000
      08000400 00000007
      20000380
        1c000180 0c000180 08000100 0a000001 0c000280 08000100 07000000
    `,
  },
  {
    command: 'add element ip t mc { 10.0.0.1 : "cn" }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'mc',
          setId: 8,
          elements: [{ key: address(10, 0, 0, 1), objectName: 'cn' }],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      07000200 6d630000
      08000400 00000008
      1c000380
        18000180 0c000180 08000100 0a000001 07000900 636e0000
    `,
  },
  {
    command: 'add element ip t mvc { 10.0.0.1 counter packets 1 bytes 2 : drop }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'mvc',
          setId: 9,
          elements: [
            { key: address(10, 0, 0, 1), data: DROPPED, expressions: [{ kind: 'counter', packets: 1n, bytes: 2n }] },
          ],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      08000200 6d766300
      08000400 00000009
      50000380
        4c000180 0c000180 08000100 0a000001 10000280 0c000280 08000100 00000000 2c000780 0c000100 636f756e 74657200 1c000280 0c000100 00000000 00000002 0c000200 00000000 00000001
    `,
  },
  {
    command: 'add element ip t mvc { * : drop }',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: 'mvc',
          setId: 9,
          elements: [{ flags: ['catchall'], data: DROPPED }],
        },
      },
    ],
    recorded: `
      0a0c 0401 02000000
      06000100 74000000
      08000200 6d766300
      08000400 00000009
      20000380
        1c000180 08000300 00000002 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c ip saddr 10.0.0.1 counter drop comment "a"',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'rule',
          ...inTable,
          chain: 'c',
          expressions: [SADDR, equal(address(10, 0, 0, 1)), { kind: 'counter' }, DROP],
          userdata: commentUserdata('a'),
        },
      },
    ],
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      a8000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 08000100 0a000001
        14000180 0c000100 636f756e 74657200 04000280
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
      08000700 00026100
    `,
  },
  {
    command: 'insert rule ip t c ip saddr 10.0.0.1 accept',
    operations: [
      {
        operation: 'insert',
        object: { kind: 'rule', ...inTable, chain: 'c', expressions: [SADDR, equal(address(10, 0, 0, 1)), ACCEPT] },
      },
    ],
    recorded: `
      0a06 0401 02000000
      06000100 74000000
      06000200 63000000
      94000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 08000100 0a000001
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001
    `,
  },
  {
    command: 'add rule ip t c ip saddr 10.0.0.0/9 return',
    operations: rule(
      SADDR,
      {
        kind: 'bitwise',
        source: 1,
        destination: 1,
        length: 4,
        mask: address(255, 128, 0, 0),
        xor: address(0, 0, 0, 0),
      },
      equal(address(10, 0, 0, 0)),
      { kind: 'verdict', verdict: { code: 'return' } },
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      d8000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        44000180 0c000100 62697477 69736500 34000280 08000100 00000001 08000200 00000001 08000300 00000004 0c000480 08000100 ff800000 0c000580 08000100 00000000
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 08000100 0a000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 fffffffb
    `,
  },
  {
    command: 'add rule ip t c ip saddr 10.0.0.0/8 continue',
    operations: rule({ ...SADDR, length: 1 }, equal(Uint8Array.of(10)), {
      kind: 'verdict',
      verdict: { code: 'continue' },
    }),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      94000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 0a000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 ffffffff
    `,
  },
  {
    command: 'add rule ip t c tcp dport 80-90 jump r',
    operations: rule(
      L4PROTO,
      IS_TCP,
      DPORT,
      { kind: 'cmp', source: 1, operator: 'gte', value: u16(80) },
      { kind: 'cmp', source: 1, operator: 'lte', value: u16(90) },
      { kind: 'verdict', verdict: { code: 'jump', chain: 'r' } },
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      18010480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000002 08000300 00000002 08000400 00000002
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000005 0c000380 06000100 00500000
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000003 0c000380 06000100 005a0000
        38000180 0e000100 696d6d65 64696174 65000000 24000280 08000100 00000000 18000280 14000280 08000100 fffffffd 06000200 72000000
    `,
  },
  {
    command: 'add rule ip t c tcp dport != 80-90 goto r',
    operations: rule(
      L4PROTO,
      IS_TCP,
      DPORT,
      { kind: 'range', source: 1, operator: 'neq', from: u16(80), to: u16(90) },
      { kind: 'verdict', verdict: { code: 'goto', chain: 'r' } },
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      fc000480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000002 08000300 00000002 08000400 00000002
        3c000180 0a000100 72616e67 65000000 2c000280 08000100 00000001 08000200 00000001 0c000380 06000100 00500000 0c000480 06000100 005a0000
        38000180 0e000100 696d6d65 64696174 65000000 24000280 08000100 00000000 18000280 14000280 08000100 fffffffc 06000200 72000000
    `,
  },
  {
    command: 'add rule ip t c tcp flags & (syn|ack) == syn drop',
    operations: rule(
      L4PROTO,
      IS_TCP,
      { ...DPORT, offset: 13, length: 1 },
      { kind: 'bitwise', source: 1, destination: 1, length: 1, mask: Uint8Array.of(0x12), xor: Uint8Array.of(0) },
      equal(Uint8Array.of(2)),
      DROP,
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      30010480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000002 08000300 0000000d 08000400 00000001
        4c000180 0c000100 62697477 69736500 3c000280 08000100 00000001 08000200 00000001 08000600 00000000 08000300 00000001 0c000480 05000100 12000000 0c000580 05000100 00000000
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 02000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
    differently: {
      because:
        "nft names the operation (NFTA_BITWISE_OP, mask and xor) here and not for prefixes; it is the kernel's default",
      sent: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      28010480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000002 08000300 0000000d 08000400 00000001
        44000180 0c000100 62697477 69736500 34000280 08000100 00000001 08000200 00000001 08000300 00000001 0c000480 05000100 12000000 0c000580 05000100 00000000
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 02000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
    },
  },
  {
    command: 'add rule ip t c ip saddr @s drop',
    operations: rule(SADDR, { kind: 'lookup', source: 1, set: 's', setId: 1, invert: false }, DROP),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      94000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        2c000180 0b000100 6c6f6f6b 75700000 1c000280 08000200 00000001 06000100 73000000 08000400 00000001
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c ip saddr != @s drop',
    operations: rule(SADDR, { kind: 'lookup', source: 1, set: 's', setId: 1, invert: true }, DROP),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      9c000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        34000180 0b000100 6c6f6f6b 75700000 24000280 08000200 00000001 06000100 73000000 08000400 00000001 08000500 00000001
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c tcp dport vmap @m',
    operations: rule(L4PROTO, IS_TCP, DPORT, {
      kind: 'lookup',
      source: 1,
      set: 'm',
      setId: 6,
      invert: false,
      destination: 0,
    }),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      bc000480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000002 08000300 00000002 08000400 00000002
        34000180 0b000100 6c6f6f6b 75700000 24000280 08000200 00000001 08000300 00000000 06000100 6d000000 08000400 00000006
    `,
  },
  {
    command: 'add rule ip t c meta l4proto tcp ip saddr . th dport vmap @v',
    operations: rule(
      L4PROTO,
      IS_TCP,
      SADDR,
      { ...DPORT, destination: 9 },
      { kind: 'lookup', source: 1, set: 'v', setId: 1, invert: false, destination: 0 },
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      f0000480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000009 08000200 00000002 08000300 00000002 08000400 00000002
        34000180 0b000100 6c6f6f6b 75700000 24000280 08000200 00000001 08000300 00000000 06000100 76000000 08000400 00000001
    `,
  },
  {
    command: 'add rule ip t c meta mark set ip saddr map @md',
    operations: rule(
      SADDR,
      { kind: 'lookup', source: 1, set: 'md', setId: 7, invert: false, destination: 1 },
      { kind: 'meta_set', key: 'mark', source: 1 },
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      90000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        34000180 0b000100 6c6f6f6b 75700000 24000280 08000200 00000001 08000300 00000001 07000100 6d640000 08000400 00000007
        24000180 09000100 6d657461 00000000 14000280 08000200 00000003 08000300 00000001
    `,
  },
  {
    command: 'add rule ip t c counter name "cn"',
    operations: rule({ kind: 'objref', objectType: 1, name: 'cn' }),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      28000480
        24000180 0b000100 6f626a72 65660000 14000280 08000100 00000001 06000200 636e0000
    `,
    differently: {
      because: 'libnftnl leaves out the NUL of this name; the kernel compares with and without it alike',
      sent: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      28000480
        24000180 0b000100 6f626a72 65660000 14000280 08000100 00000001 07000200 636e0000
    `,
    },
  },
  {
    command: 'add rule ip t c counter name ip saddr map @mc',
    operations: rule(SADDR, { kind: 'objref_map', source: 1, set: 'mc', setId: 8 }),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      64000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        2c000180 0b000100 6f626a72 65660000 1c000280 08000300 00000001 06000400 6d630000 08000500 00000008
    `,
    differently: {
      because: 'libnftnl leaves out the NUL of this name; the kernel compares with and without it alike',
      sent: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      64000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        2c000180 0b000100 6f626a72 65660000 1c000280 08000300 00000001 07000400 6d630000 08000500 00000008
    `,
    },
  },
  {
    command: 'add rule ip t c iifname "eth0" accept',
    operations: rule(
      { kind: 'meta', key: 'iifname', destination: 1 },
      equal(hex('65746830 00000000 00000000 00000000')),
      ACCEPT,
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      90000480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000006 08000100 00000001
        38000180 08000100 636d7000 2c000280 08000100 00000001 08000200 00000000 18000380 14000100 65746830 00000000 00000000 00000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001
    `,
  },
  {
    command: 'add rule ip t c meta oifname "e*" accept',
    operations: rule({ kind: 'meta', key: 'oifname', destination: 1 }, equal(Buffer.from('e')), ACCEPT),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      84000480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000007 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 65000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001
    `,
  },
  {
    command: 'add rule ip t c meta length > 5 drop',
    operations: rule(
      { kind: 'meta', key: 'len', destination: 1 },
      { kind: 'byteorder', source: 1, destination: 1, operation: 'hton', length: 4, size: 4 },
      { kind: 'cmp', source: 1, operator: 'gt', value: hex('00000005') },
      DROP,
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      c4000480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000000 08000100 00000001
        40000180 0e000100 62797465 6f726465 72000000 2c000280 08000100 00000001 08000200 00000001 08000300 00000001 08000400 00000004 08000500 00000004
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000004 0c000380 08000100 00000005
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c meta mark set 7',
    operations: rule(
      { kind: 'immediate', destination: 1, value: hex('07000000') },
      { kind: 'meta_set', key: 'mark', source: 1 },
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      54000480
        2c000180 0e000100 696d6d65 64696174 65000000 18000280 08000100 00000001 0c000280 08000100 07000000
        24000180 09000100 6d657461 00000000 14000280 08000200 00000003 08000300 00000001
    `,
  },
  {
    command: 'add rule ip t c ip ttl < 5 counter packets 3 bytes 9 accept',
    operations: rule(
      { ...SADDR, offset: 8, length: 1 },
      { kind: 'cmp', source: 1, operator: 'lt', value: Uint8Array.of(5) },
      { kind: 'counter', packets: 3n, bytes: 9n },
      ACCEPT,
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      c0000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 00000008 08000400 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000002 0c000380 05000100 05000000
        2c000180 0c000100 636f756e 74657200 1c000280 0c000100 00000000 00000009 0c000200 00000000 00000003
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001
    `,
  },
  {
    command: 'add rule ip t c meta l4proto != 6 accept',
    operations: rule(L4PROTO, { kind: 'cmp', source: 1, operator: 'neq', value: Uint8Array.of(6) }, ACCEPT),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      84000480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000001 0c000380 05000100 06000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001
    `,
  },
  {
    command: 'add rule ip t c log prefix "x" group 5 snaplen 64 queue-threshold 10',
    operations: rule({ kind: 'log', prefix: 'x', group: 5, snaplen: 64, queueThreshold: 10 }),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      34000480
        30000180 08000100 6c6f6700 24000280 06000200 78000000 06000100 00050000 08000300 00000040 06000400 000a0000
    `,
  },
  {
    command: 'add rule ip t c log prefix "x" level debug flags all',
    operations: rule({ kind: 'log', prefix: 'x', level: 7, flags: 0x2f }),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      2c000480
        28000180 08000100 6c6f6700 1c000280 06000200 78000000 08000500 00000007 08000600 0000002f
    `,
  },
  {
    command: 'add rule ip t c log',
    operations: rule({ kind: 'log' }),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      14000480
        10000180 08000100 6c6f6700 04000280
    `,
  },
  {
    command: 'add rule ip t c notrack',
    operations: rule({ kind: 'unknown', name: 'notrack' }),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      14000480
        10000180 0c000100 6e6f7472 61636b00
    `,
  },
  {
    command: 'add rule ip t c tcp option maxseg size 1000 drop',
    operations: rule(
      { kind: 'exthdr', protocol: 'tcp_option', type: 2, offset: 2, length: 2, presence: false, destination: 1 },
      equal(u16(1000)),
      DROP,
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      a4000480
        44000180 0b000100 65787468 64720000 34000280 08000100 00000001 05000200 02000000 08000300 00000002 08000400 00000002 08000600 00000001 08000500 00000000
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 06000100 03e80000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c tcp option maxseg size set 1400',
    operations: rule(
      { kind: 'immediate', destination: 1, value: u16(1400) },
      { kind: 'exthdr_set', protocol: 'tcp_option', type: 2, offset: 2, length: 2, source: 1 },
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      6c000480
        2c000180 0e000100 696d6d65 64696174 65000000 18000280 08000100 00000001 0c000280 06000100 05780000
        3c000180 0b000100 65787468 64720000 2c000280 08000700 00000001 05000200 02000000 08000300 00000002 08000400 00000002 08000600 00000001
    `,
  },
  {
    command: 'add rule ip t c ip option rr exists drop',
    operations: rule(
      { kind: 'exthdr', protocol: 'ipv4_option', type: 7, offset: 0, length: 1, presence: true, destination: 1 },
      equal(Uint8Array.of(1)),
      DROP,
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      a4000480
        44000180 0b000100 65787468 64720000 34000280 08000100 00000001 05000200 07000000 08000300 00000000 08000400 00000001 08000600 00000002 08000500 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 01000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip6 t c exthdr hbh exists drop',
    operations: [
      {
        operation: 'add',
        object: {
          kind: 'rule',
          family: 'ip6',
          table: 't',
          chain: 'c',
          expressions: [
            { kind: 'exthdr', protocol: 'ipv6', type: 0, offset: 0, length: 1, presence: true, destination: 1 },
            equal(Uint8Array.of(1)),
            DROP,
          ],
        },
      },
    ],
    recorded: `
      0a06 0c01 0a000000
      06000100 74000000
      06000200 63000000
      a4000480
        44000180 0b000100 65787468 64720000 34000280 08000100 00000001 05000200 00000000 08000300 00000000 08000400 00000001 08000600 00000000 08000500 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 01000000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c @ll,0,48 0x112233445566 drop',
    operations: rule(
      { kind: 'payload', base: 'link', offset: 0, length: 6, destination: 1 },
      equal(hex('112233445566')),
      DROP,
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      98000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000000 08000300 00000000 08000400 00000006
        30000180 08000100 636d7000 24000280 08000100 00000001 08000200 00000000 10000380 0a000100 11223344 55660000
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c ip saddr . tcp dport @cat drop',
    operations: rule(
      L4PROTO,
      IS_TCP,
      SADDR,
      { ...DPORT, destination: registerAtWord(1) },
      { kind: 'lookup', source: 1, set: 'cat', setId: 4, invert: false },
      DROP,
    ),
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      18010480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000009 08000200 00000002 08000300 00000002 08000400 00000002
        2c000180 0b000100 6c6f6f6b 75700000 1c000280 08000200 00000001 08000100 63617400 08000400 00000004
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c ip saddr { 10.0.0.1, 10.0.0.2 } drop',
    operations: [
      ...set({
        name: '__set%d',
        flags: ['anonymous', 'constant'],
        id: 10,
        size: 2,
        userdata: encodeTlvs([KEY_IN_NETWORK_ORDER, TYPEOF_IP_SADDR]),
      }),
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: '__set%d',
          setId: 10,
          elements: [{ key: address(10, 0, 0, 1) }, { key: address(10, 0, 0, 2) }],
        },
      },
      ...rule(SADDR, { kind: 'lookup', source: 1, set: '__set%d', setId: 10, invert: false }, DROP),
    ],
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      0c000200 5f5f7365 74256400
      08000300 00000003
      08000400 00000007
      08000500 00000004
      08000a00 0000000a
      0c000980 08000100 00000002
      20000d00 00040200 00000314 00040700 0000010c 00040c00 00000104 0b000000
      0a0c 0401 02000000
      06000100 74000000
      0c000200 5f5f7365 74256400
      08000400 0000000a
      24000380
        10000180 0c000180 08000100 0a000001
        10000280 0c000180 08000100 0a000002
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      98000480
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004
        30000180 0b000100 6c6f6f6b 75700000 20000280 08000200 00000001 0c000100 5f5f7365 74256400 08000400 0000000a
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000000
    `,
  },
  {
    command: 'add rule ip t c tcp dport vmap { 80 : accept, 443 : drop }',
    operations: [
      ...set({
        name: '__map%d',
        flags: ['anonymous', 'constant', 'map'],
        keyType: DATATYPES.inet_service,
        keyLength: 2,
        dataType: DATATYPES.verdict,
        dataLength: 0,
        id: 12,
        size: 2,
        userdata: hex('000402000000 010400000000 0408 0004010000000100 060400000000'),
      }),
      {
        operation: 'add',
        object: {
          kind: 'elements',
          ...inTable,
          set: '__map%d',
          setId: 12,
          elements: [
            { key: u16(80), data: ACCEPTED },
            { key: u16(443), data: DROPPED },
          ],
        },
      },
      ...rule(L4PROTO, IS_TCP, DPORT, {
        kind: 'lookup',
        source: 1,
        set: '__map%d',
        setId: 12,
        invert: false,
        destination: 0,
      }),
    ],
    recorded: `
      0a09 0401 02000000
      06000100 74000000
      0c000200 5f5f6d61 70256400
      08000300 0000000b
      08000400 0000000d
      08000500 00000002
      08000600 ffffff00
      08000700 00000000
      08000a00 0000000c
      0c000980 08000100 00000002
      20000d00 00040200 00000104 00000000 04080004 01000000 01000604 00000000
      0a0c 0401 02000000
      06000100 74000000
      0c000200 5f5f6d61 70256400
      08000400 0000000c
      44000380
        20000180 0c000180 06000100 00500000 10000280 0c000280 08000100 00000001
        20000280 0c000180 06000100 01bb0000 10000280 0c000280 08000100 00000000
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      c0000480
        24000180 09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001
        2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000
        34000180 0c000100 7061796c 6f616400 24000280 08000100 00000001 08000200 00000002 08000300 00000002 08000400 00000002
        38000180 0b000100 6c6f6f6b 75700000 28000280 08000200 00000001 08000300 00000000 0c000100 5f5f6d61 70256400 08000400 0000000c
    `,
  },
  {
    command: 'replace rule ip t c handle 21 accept',
    operations: [
      { operation: 'replace', object: { kind: 'rule', ...inTable, chain: 'c', handle: 21n, expressions: [ACCEPT] } },
    ],
    recorded: `
      0a06 0101 02000000
      06000100 74000000
      06000200 63000000
      0c000300 00000000 00000015
      34000480
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001
    `,
  },
  {
    command: 'add rule ip t c position 21 accept',
    operations: [
      { operation: 'add', object: { kind: 'rule', ...inTable, chain: 'c', position: 21n, expressions: [ACCEPT] } },
    ],
    recorded: `
      0a06 0c01 02000000
      06000100 74000000
      06000200 63000000
      34000480
        30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001
      0c000600 00000000 00000015
    `,
  },
  {
    command: 'delete rule ip t c handle 100',
    operations: [{ operation: 'delete', object: { kind: 'rule', ...inTable, chain: 'c', handle: 100n } }],
    recorded: `
      0a08 0001 02000000
      06000100 74000000
      06000200 63000000
      0c000300 00000000 00000064
    `,
  },
  {
    command: 'delete element ip t e { 10.0.0.1 }',
    operations: [
      {
        operation: 'delete',
        object: { kind: 'elements', ...inTable, set: 'e', elements: [{ key: address(10, 0, 0, 1) }] },
      },
    ],
    recorded: `
      0a0e 0001 02000000
      06000100 74000000
      06000200 65000000
      14000380
        10000180 0c000180 08000100 0a000001
    `,
  },
  {
    command: 'delete element ip t s { 10.0.0.0/8 }',
    operations: [
      {
        operation: 'delete',
        object: {
          kind: 'elements',
          ...inTable,
          set: 's',
          elements: intervalElements([{ from: address(10, 0, 0, 0), to: address(10, 255, 255, 255) }]),
        },
      },
    ],
    recorded: `
      0a0e 0001 02000000
      06000100 74000000
      06000200 73000000
      2c000380
        10000180 0c000180 08000100 0a000000
        18000280 08000300 00000001 0c000180 08000100 0b000000
    `,
  },
  {
    command: 'flush set ip t e',
    operations: [{ operation: 'flush', object: { kind: 'set', ...inTable, name: 'e' } }],
    recorded: `
      0a0e 0001 02000000
      06000200 65000000
      06000100 74000000
    `,
    differently: {
      because: 'nft names the set before the table',
      sent: `
      0a0e 0001 02000000
      06000100 74000000
      06000200 65000000
    `,
    },
  },
  {
    command: 'flush chain ip t c',
    operations: [{ operation: 'flush', object: { kind: 'chain', ...inTable, name: 'c' } }],
    recorded: `
      0a08 0001 02000000
      06000100 74000000
      06000200 63000000
    `,
  },
  {
    command: 'flush table ip t',
    operations: [{ operation: 'flush', object: table }],
    recorded: `
      0a08 0001 02000000
      06000100 74000000
    `,
  },
  {
    command: 'delete set ip t e',
    operations: [{ operation: 'delete', object: { kind: 'set', ...inTable, name: 'e' } }],
    recorded: `
      0a0b 0001 02000000
      06000100 74000000
      06000200 65000000
    `,
  },
  {
    command: 'delete chain ip t r3',
    operations: [{ operation: 'delete', object: { kind: 'chain', ...inTable, name: 'r3' } }],
    recorded: `
      0a05 0001 02000000
      06000100 74000000
      07000300 72330000
    `,
  },
  {
    command: 'delete counter ip t cn2',
    operations: [{ operation: 'delete', object: { kind: 'counter_object', ...inTable, name: 'cn2' } }],
    recorded: `
      0a14 0001 02000000
      06000100 74000000
      08000200 636e3200
      08000300 00000001
      04000480
    `,
    differently: {
      because: 'nft adds an empty NFTA_OBJ_DATA; a deletion does not read it',
      sent: `
      0a14 0001 02000000
      06000100 74000000
      08000200 636e3200
      08000300 00000001
    `,
    },
  },
  {
    command: 'delete table ip t2',
    operations: [{ operation: 'delete', object: { ...table, name: 't2' } }],
    recorded: `
      0a02 0001 02000000
      07000100 74320000
    `,
  },
];
