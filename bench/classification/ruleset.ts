// A rules file as a policy: odd rules block, even ones let pass, so that the order of overlapping rules shows in
// verdicts too.

import type { RulesetText } from '../../src/compile';
import type { Candidates } from '../packet/deciding-rule';
import { expressionOf } from './expression';
import { nftMatch } from './nft-text';
import type { RangeRule } from './rules-file';

export function rulesetText(rules: readonly RangeRule[]): RulesetText {
  return {
    account: 'bench',
    lists: new Map(),
    rules: rules.map((rule, position) => ({
      index: position + 1,
      ref: `r${position + 1}`,
      action: isBlocked(position) ? 'block' : 'skip',
      enabled: true,
      expression: expressionOf(rule),
    })),
  };
}

/** For `nft -f`: one rule each, with a counter. */
export function nftRuleset(rules: readonly RangeRule[]): string {
  const lines = rules.map((rule, position) => `${nftMatch(rule)} counter ${isBlocked(position) ? 'drop' : 'accept'}`);
  return [
    'table ip peer',
    'delete table ip peer',
    'table ip peer {',
    'chain rules {',
    'type filter hook prerouting priority raw; policy accept;',
    ...lines,
    '}',
    '}',
    '',
  ].join('\n');
}

/** Rules whose networks hold the packet's addresses. */
export function candidatesByAddress(rules: readonly RangeRule[]): Candidates {
  const column = (value: (rule: RangeRule) => number) => Float64Array.from(rules, value);
  const sourceLow = column(({ source }) => source.low);
  const sourceHigh = column(({ source }) => source.high);
  const destinationLow = column(({ destination }) => destination.low);
  const destinationHigh = column(({ destination }) => destination.high);
  return packet => {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    const source = view.getUint32(12);
    const destination = view.getUint32(16);
    const candidates: number[] = [];
    for (let rule = 0; rule < sourceLow.length; rule++) {
      if (source < (sourceLow[rule] as number) || source > (sourceHigh[rule] as number)) continue;
      if (destination < (destinationLow[rule] as number) || destination > (destinationHigh[rule] as number)) continue;
      candidates.push(rule);
    }
    return candidates;
  };
}

function isBlocked(position: number): boolean {
  return position % 2 === 0;
}
