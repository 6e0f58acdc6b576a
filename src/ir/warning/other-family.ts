// `ip.src ne 192.0.2.1` holds of every IPv6 packet, for addresses of different families are never equal: a denial of a
// comparison with addresses of one family, where nothing beside it says that only that family is meant.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import type { PacketFamily } from '../../packet/packet';
import type { Condition } from './condition';
import type { Known } from './denial';
import type { ExaminedExpression } from './expression';
import { familyCondition } from './family';
import { proves } from './proof';

const FAMILIES: Readonly<Record<4 | 6, PacketFamily>> = { 4: 'ip', 6: 'ip6' };

/** One for each family. */
export function otherFamily({ denials }: ExaminedExpression): readonly Diagnostic[] {
  const found = new Map<number, Diagnostic>();
  /** IP versions that are the only ones, by what is known. */
  const proved = new Map<readonly Known[], Set<number>>();
  for (const { condition, text, span, known } of denials) {
    const version = onlyVersion(condition);
    if (version === undefined || found.has(version) || proved.get(known)?.has(version)) continue;
    const other = version === 4 ? 6 : 4;
    // Nothing that a test could prove: what is known beside it must be constantly false in the other family.
    if (known.some(each => proves(each, FAMILIES[other], () => false))) {
      proved.set(known, (proved.get(known) ?? new Set()).add(version));
      continue;
    }
    const corrected = `${familyCondition(version)} and ${text}`;
    found.set(version, diagnostic('otherFamily', span, { condition: text, other: String(other), corrected }));
  }
  return [...found.values()];
}

/** The IP version of all addresses that it compares with. */
function onlyVersion(condition: Condition): 4 | 6 | undefined {
  const test = condition.kind === 'comparison' ? condition.test : undefined;
  if (test?.kind === 'order' && test.right.kind === 'address') return test.right.value.family;
  if (test?.kind !== 'in_addresses') return undefined;
  const [first, ...others] = test.items.map(item => item.from.family);
  return others.every(family => family === first) ? first : undefined;
}
