// A rules file as a policy: odd rules block, even ones let pass, so that the order of overlapping rules shows in
// verdicts too.

import type { RulesetText, RuleText } from '../../src/compile';
import type { Candidates } from '../packet/deciding-rule';
import { nftTable } from '../peer';
import { expressionOf } from './expression';
import { nftMatch } from './nft-text';
import type { RangeRule } from './rules-file';

export function rulesetText(rules: readonly RangeRule[]): RulesetText {
  return { account: 'bench', lists: new Map(), rules: rules.map(ruleTextOf) };
}

export function ruleTextOf(rule: RangeRule, position: number): RuleText {
  return {
    index: position + 1,
    ref: `r${position + 1}`,
    action: isBlocked(position) ? 'block' : 'skip',
    enabled: true,
    expression: expressionOf(rule),
  };
}

/** For `nft -f`: one rule each, with a counter. */
export function nftRuleset(rules: readonly RangeRule[]): string {
  return nftTable(rules.map((rule, position) => `${nftMatch(rule)} counter ${nftVerdict(position)}`));
}

export function nftVerdict(position: number): string {
  return isBlocked(position) ? 'drop' : 'accept';
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
