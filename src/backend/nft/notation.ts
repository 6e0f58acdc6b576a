// The plan in nft's own notation, as `nft list table` would show it. What nft has no words for stands between `#`: a
// program match as iptables-nft's listing has it, a piece of a Fragment header as the formula has it.

import { type Load, loadBits, type Test } from '../../ir/formula';
import { printFormula } from '../../ir/print';
import { printAddress } from '../../net/address';
import { protocolNames } from '../../net/protocol-number';
import { comparison } from './comparison';
import type { Match, NftChain, NftRule, NftSet, NftTable, SetKey } from './table';

export function printTable(table: NftTable): string {
  const body = [
    `  comment "${table.comment}"`,
    ...table.sets.map(set => printSet(set, table.family)),
    ...table.chains.map(chain => printChain(chain, table.family)),
  ];
  return `table ${table.family} ${table.name} {\n${body.join('\n\n')}\n}\n`;
}

export function printRule(rule: NftRule, family: NftTable['family']): string {
  return [
    ...rule.matches.map(match => printMatch(match, family)),
    ...(rule.counter ? ['counter'] : []),
    ...(rule.log === undefined ? [] : [`log prefix "${rule.log.prefix}" group ${rule.log.group}`]),
    ...(rule.verdict === undefined
      ? []
      : ['chain' in rule.verdict ? `${rule.verdict.kind} ${rule.verdict.chain}` : rule.verdict.kind]),
    ...(rule.comment === undefined ? [] : [`comment "${rule.comment}"`]),
  ].join(' ');
}

function printSet({ name, key, values, interval }: NftSet, family: NftTable['family']): string {
  const elements = values.map(({ from, to }) => printRange(from, to, key.datatype));
  return [
    `  set ${name} {`,
    key.datatype === 'integer' ? `    typeof ${printPlace(key.load, family)}` : `    type ${key.datatype}`,
    ...(interval ? ['    flags interval'] : []),
    `    elements = { ${elements.join(', ')} }`,
    '  }',
  ].join('\n');
}

function printChain(chain: NftChain, family: NftTable['family']): string {
  const { hook } = chain;
  return [
    `  chain ${chain.name} {`,
    ...(hook === undefined
      ? []
      : [`    type filter hook ${hook.hook} priority ${hook.priority}; policy ${hook.policy};`]),
    ...(chain.comment === undefined ? [] : [`    comment "${chain.comment}"`]),
    ...chain.rules.map(rule => `    ${printRule(rule, family)}`),
    '  }',
  ].join('\n');
}

function printMatch(match: Match, family: NftTable['family']): string {
  if (match.kind === 'program') return `# match bpf pinned ${match.program} #`;
  if (match.kind === 'later_fragment') return family === 'ip' ? 'ip frag-off & 0x1fff != 0' : 'frag frag-off != 0';
  if (match.kind === 'fragment_header') return 'exthdr frag exists';
  const { test, set } = match;
  const name = printLoad(test, family);
  if (name === undefined) return `# ${printFormula(test)} #`;
  const key = keyOf(test.load, family);
  const compared = comparison(test);
  switch (compared.kind) {
    case 'any':
      return `${name} 0-${(1n << BigInt(loadBits(test.load))) - 1n}`;
    case 'cmp': {
      const operator = { eq: '', neq: '!= ', lte: '<= ', gte: '>= ' }[compared.operator];
      return `${name} ${operator}${printValue(compared.value, key)}`;
    }
    case 'range':
      return `${name} ${compared.operator === 'neq' ? '!= ' : ''}${printRange(compared.from, compared.to, key)}`;
    case 'lookup':
      return `${name} @${set?.name}`;
  }
}

/**
 * nft's names for the places that it has names for, raw payload expressions (offset and length in bits) elsewhere.
 * undefined for a piece of a Fragment header: nft has no words for one.
 */
function printLoad({ load, mask }: Test, family: NftTable['family']): string | undefined {
  const name = printPlace(load, family);
  if (isFragmentHeader(load) && (mask !== undefined || NAMES[family][placeKey(load)] === undefined)) return undefined;
  return mask === undefined ? name : `${name} & 0x${mask.toString(16)}`;
}

function printPlace(load: Load, family: NftTable['family']): string {
  return NAMES[family][placeKey(load)] ?? rawPayload(load);
}

function rawPayload(load: Load): string {
  if (load.kind !== 'bytes') return load.kind;
  return `@${load.segment === 'network' ? 'nh' : 'th'},${load.offset * 8},${load.length * 8}`;
}

function isFragmentHeader(load: Load): boolean {
  return load.kind === 'bytes' && load.segment === 'fragment_header';
}

const BOTH = {
  l4proto: 'meta l4proto',
  length: 'meta length',
  'transport 0 2': 'th sport',
  'transport 2 2': 'th dport',
};
const NAMES: Readonly<Record<NftTable['family'], Readonly<Record<string, string>>>> = {
  ip: {
    ...BOTH,
    'network 12 4': 'ip saddr',
    'network 16 4': 'ip daddr',
    'network 2 2': 'ip length',
    'network 8 1': 'ip ttl',
  },
  ip6: {
    ...BOTH,
    'network 8 16': 'ip6 saddr',
    'network 24 16': 'ip6 daddr',
    'network 4 2': 'ip6 length',
    'network 7 1': 'ip6 hoplimit',
    'fragment_header 4 4': 'frag id',
  },
};

/** Those that every /etc/protocols has, from where nft takes them. */
const NAMED_PROTOCOLS: ReadonlySet<bigint> = new Set([1n, 6n, 17n, 47n, 50n, 51n, 58n]);

function placeKey(load: Load): string {
  return load.kind === 'bytes' ? `${load.segment} ${load.offset} ${load.length}` : load.kind;
}

function keyOf(load: Load, family: NftTable['family']): SetKey['datatype'] {
  const name = NAMES[family][placeKey(load)] ?? '';
  if (/addr$/.test(name)) return family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
  return name === 'meta l4proto' ? 'inet_proto' : 'integer';
}

/** A range takes no names: `icmp-2` would be one name. */
function printRange(from: bigint, to: bigint, key: SetKey['datatype']): string {
  if (from === to) return printValue(from, key);
  const plain = key === 'inet_proto' ? 'integer' : key;
  return `${printValue(from, plain)}-${printValue(to, plain)}`;
}

function printValue(value: bigint, key: SetKey['datatype']): string {
  switch (key) {
    case 'ipv4_addr':
      return printAddress({ family: 4, value });
    case 'ipv6_addr':
      return printAddress({ family: 6, value });
    case 'inet_proto':
      return NAMED_PROTOCOLS.has(value) ? protocolNames(Number(value))[0] : String(value);
    default:
      return value > 0xffffn ? `0x${value.toString(16)}` : String(value);
  }
}
