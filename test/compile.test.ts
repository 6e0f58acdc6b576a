import { compile, DEFAULT_OPTIONS, type RuleText } from '../src/compile';
import type { AddressRange } from '../src/ir/address';
import type { Formula } from '../src/ir/formula';

function rule(index: number, expression: string): RuleText {
  return { index, ref: String(index), action: 'block', enabled: true, expression };
}

function outcome(expressions: readonly string[], choice: 'auto' | 'nft' | 'ebpf' = 'auto') {
  const rules = expressions.map((expression, position) => rule(position + 1, expression));
  return compile({ account: 'test', lists: new Map(), rules }, { ...DEFAULT_OPTIONS, choice });
}

function refusals(...parameters: Parameters<typeof outcome>): [number, string, number][] {
  const result = outcome(...parameters);
  if (result.ok) return [];
  return result.refused.flatMap(({ index, diagnostics }) =>
    diagnostics.map(({ code, span }): [number, string, number] => [index, code, span.start]),
  );
}

function backends(expression: string): unknown {
  const result = outcome([expression]);
  return result.ok ? { ip: result.value.backends.ip[0], ip6: result.value.backends.ip6[0] } : 'refused';
}

describe('every refused rule is named, with all that is wrong in it', () => {
  test.each<[string, readonly string[], 'auto' | 'nft', [number, string, number][]]>([
    ['nothing wrong', ['true', 'ip.ttl == 1'], 'auto', []],
    [
      'two rules of three',
      ['tcp.dstprt == 1', 'true', 'ip.src in $nowhere'],
      'auto',
      [
        [1, 'RF2001', 0],
        [3, 'RF2010', 10],
      ],
    ],
    ['too large a pattern', ['udp.payload matches r"(a|b).{40}(c|d)"'], 'auto', [[1, 'RF2025', 0]]],
    ['what nftables cannot say', ['true', 'len(udp.payload) > 9'], 'nft', [[2, 'RF2026', 0]]],
    ['more chains than nftables allows', [deep(40)], 'nft', [[1, 'RF2026', 0]]],
  ])('%s', (_, expressions, choice, expected) => {
    expect(refusals(expressions, choice)).toEqual(expected);
  });
});

describe('the compiler chooses', () => {
  test.each<[string, string, unknown]>([
    ['nftables for headers', 'tcp.dstport == 80', { ip: 'nft', ip6: 'nft' }],
    ['eBPF for payloads alone', 'ends_with(udp.payload, "a")', { ip: 'ebpf', ip6: 'ebpf' }],
    ['both for a mixture', 'udp.dstport == 80 and ends_with(udp.payload, "a")', { ip: 'both', ip6: 'both' }],
    ['nothing where no packet can match', 'ip.src == 192.0.2.1', { ip: 'nft', ip6: 'none' }],
    ['eBPF where chains would be too many', deep(40), { ip: 'ebpf', ip6: 'ebpf' }],
  ])('%s', (_, expression, expected) => {
    expect(backends(expression)).toEqual(expected);
  });
});

test('the version follows what the kernel is to have, and nothing else', () => {
  const version = (...expressions: string[]) => {
    const result = outcome(expressions);
    return result.ok ? result.value.version : '';
  };
  expect(version('tcp.dstport == 80')).toMatch(/^[0-9a-f]{16}$/);
  expect(version('tcp.dstport == 80')).toBe(version('tcp.dstport  eq  0x50'));
  expect(version('tcp.dstport == 80')).not.toBe(version('tcp.dstport == 81'));
});

test('a formula of 4,096 characters compiles, and one more character is refused', () => {
  const terms = Array.from({ length: 1000 }, (_, index) => `ip.ttl == ${index % 256} or udp.dstport == ${index}`);
  const text = terms
    .join(' or ')
    .slice(0, 4000)
    .replace(/ or [^=]*=?=? ?[0-9]*$/, '');
  const filled = `${text}${' '.repeat(4096 - text.length)}`;
  expect(filled).toHaveLength(4096);
  expect(refusals([filled])).toEqual([]);
  expect(refusals([`${filled} `]).map(([, code]) => code)).toEqual(['RF1020']);
});

/** An AND of ORs over different loads, each of which needs a chain. */
function deep(levels: number): string {
  return Array.from(
    { length: levels },
    (_, level) => `(bit_slice(ip, ${level * 8}, ${level * 8 + 8}) == 1 xor tcp.dstport == ${level})`,
  ).join(' and ');
}

test('rules that name a list have its values in common, and its set', () => {
  const range: AddressRange = { family: 4, from: 0xc0000200n, to: 0xc00002ffn };
  const expressions = ['ip.src in $office', 'ip.src in $office and ip.ttl == 1', 'ip.dst in $office'];
  const rules = expressions.map((expression, position) => rule(position + 1, expression));
  const result = compile({
    account: 'test',
    lists: new Map([['office', [range, { ...range, from: 1n, to: 2n }]]]),
    rules,
  });
  if (!result.ok) throw new Error('refused');
  const values = result.value.ruleset.rules.flatMap(({ formula }) => listValues(formula.ip));
  expect(values).toHaveLength(3);
  expect(new Set(values).size).toBe(1);
  expect(values[0]).toEqual([
    { from: 1n, to: 2n },
    { from: 0xc0000200n, to: 0xc00002ffn },
  ]);
  const names = result.value.tables.ip.sets.map(({ name }) => name);
  expect(names).toEqual([expect.stringMatching(/^list_office_/)]);
});

function listValues(formula: Formula): unknown[] {
  if (formula.kind === 'test') return formula.list === undefined ? [] : [formula.values];
  return formula.kind === 'and' ? formula.operands.flatMap(listValues) : [];
}
