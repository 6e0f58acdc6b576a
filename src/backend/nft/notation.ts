// The plan in nft's own notation, as `nft list table` would show it. What nft has no words for stands between `#`: a
// program match as iptables-nft's listing has it, the others (place-notation.ts) as the formula has them.

import { loadBits } from '../../ir/formula';
import { printFormula } from '../../ir/print';
import { bigEndian } from '../../net/big-endian';
import { comparison } from './comparison';
import { isSayable, keyOf, printLoad, printPlace } from './place-notation';
import type {
  ClassifierMatch,
  Match,
  NftChain,
  NftRule,
  NftSet,
  NftTable,
  NftVerdictMap,
  SetKey,
  Verdict,
} from './table';
import { printRange, printValue } from './value-notation';
import { paddedLength } from './verdict-map';

export function printTable(table: NftTable): string {
  const body = [
    `  comment "${table.comment}"`,
    ...table.sets.map(set => printSet(set, table.family)),
    ...table.maps.map(map => printMap(map, table.family)),
    ...table.chains.map(chain => printChain(chain, table.family)),
  ];
  return `table ${table.family} ${table.name} {\n${body.join('\n\n')}\n}\n`;
}

export function printRule(rule: NftRule, family: NftTable['family']): string {
  return [
    ...rule.matches.map(match => printMatch(match, family)),
    ...(rule.counter ? ['counter'] : []),
    ...(rule.log === undefined ? [] : [`log prefix "${rule.log.prefix}" group ${rule.log.group}`]),
    ...(rule.verdict === undefined ? [] : [printVerdict(rule.verdict, family)]),
    ...(rule.comment === undefined ? [] : [`comment "${rule.comment}"`]),
  ].join(' ');
}

function printVerdict(verdict: Verdict, family: NftTable['family']): string {
  if (verdict.kind === 'vmap') return `${printKeyPlaces(verdict.key, family)} vmap @${verdict.map}`;
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}

function printMap({ name, key, elements }: NftVerdictMap, family: NftTable['family']): string {
  const plain = key.every(({ datatype }) => datatype !== 'integer');
  const printed = elements.map(
    element => `${printKey(element.key, key)} counter comment "${element.comment}" : ${element.verdict}`,
  );
  return [
    `  map ${name} {`,
    plain
      ? `    type ${key.map(({ datatype }) => datatype).join(' . ')} : verdict`
      : `    typeof ${printKeyPlaces(key, family)} : verdict`,
    '    counter',
    `    elements = { ${printed.join(',\n                 ')} }`,
    '  }',
  ].join('\n');
}

function printKeyPlaces(key: readonly SetKey[], family: NftTable['family']): string {
  return key.map(({ load }) => printPlace(load, family)).join(' . ');
}

function printKey(bytes: Uint8Array, key: readonly SetKey[]): string {
  let offset = 0;
  return key
    .map(({ datatype, length }) => {
      const value = bigEndian(bytes.subarray(offset, offset + length));
      offset += paddedLength(length);
      return printValue(value, datatype);
    })
    .join(' . ');
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

function printPart(part: ClassifierMatch['part']): string {
  return typeof part === 'string' ? part : `logged ${part.logged}`;
}

function printMatch(match: Match, family: NftTable['family']): string {
  if (match.kind === 'program') return `# match bpf pinned ${match.program} #`;
  if (match.kind === 'classifier') return `# match bpf classifier ${printPart(match.part)} #`;
  if (match.kind === 'later_fragment') return family === 'ip' ? 'ip frag-off & 0x1fff != 0' : 'frag frag-off != 0';
  if (match.kind === 'fragment_header') return 'exthdr frag exists';
  const { test, set } = match;
  if (!isSayable(test)) return `# ${printFormula(test)} #`;
  const name = printLoad(test, family);
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
