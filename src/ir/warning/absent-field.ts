// `tcp.srcport ne 80` also holds of UDP packets: a denial of a condition on a field that may be absent, where nothing
// beside it says that the field's protocol or header is there. Later fragments and cut headers alone are no reason.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import { subject } from '../../language/field/subject';
import { greatest, isSubset, of } from '../../net/interval-set';
import { protocolNames } from '../../net/protocol-number';
import { FAMILIES } from '../../packet/families';
import type { PacketFamily } from '../../packet/packet';
import { type Formula, loadBits, type Scan, type Test } from '../formula';
import { implies } from '../implies';
import type { Known } from './denial';
import type { ExaminedExpression } from './expression';
import { familyCondition } from './family';
import { type Need, presence, proves } from './proof';

/** One for each field. */
export function absentField({ denials }: ExaminedExpression): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  /** Fields that are there, by what is known. */
  const proved = new Map<readonly Known[], Set<string>>();
  for (const { condition, text, span, known } of denials) {
    const { name: field, absent, type } = subject(condition.left);
    if (absent === undefined || found.has(field) || proved.get(known)?.has(field)) continue;
    const missing = FAMILIES.flatMap(family => {
      const needs = needsOf(presence(condition.left, family), family, field);
      const unproved = needs.filter(({ need }) => !known.some(each => proves(each, family, need)));
      // A flag of a header that few packets have: where the header is missing it is not set, as everyone expects.
      return type.kind === 'Bool' ? unproved.filter(({ condition }) => condition !== valuePresent(field)) : unproved;
    });
    if (missing.length === 0) {
      proved.set(known, (proved.get(known) ?? new Set()).add(field));
      continue;
    }
    const conditions = new Set(missing.map(each => each.condition));
    // Where a value can be compared, everything that it lies in is there too.
    const corrected = conditions.has(valuePresent(field)) ? [valuePresent(field), text] : [...conditions, text];
    found.set(
      field,
      diagnostic('absentField', span, { condition: text, field, absent, corrected: corrected.join(' and ') }),
    );
  }
  return [...found.values()];
}

interface FieldNeed {
  readonly need: Need;
  /** The condition that proves it, as a rule would say it. */
  readonly condition: string;
}

function valuePresent(field: string): string {
  return `${field} >= 0`;
}

/** What a packet of the family has to be for the field to be there, as far as a rule can say it beforehand. */
function needsOf(present: Formula, family: PacketFamily, field: string): readonly FieldNeed[] {
  switch (present.kind) {
    case 'constant':
      return present.value ? [] : [{ need: () => false, condition: familyCondition(family === 'ip' ? 6 : 4) }];
    case 'and':
      return present.operands.flatMap(operand => needsOf(operand, family, field));
    case 'test':
      return needOf(present, valuePresent(field));
    default:
      return [];
  }
}

function needOf(present: Test, condition: string): readonly FieldNeed[] {
  const { load, values } = present;
  switch (load.kind) {
    case 'l4proto':
      return isWhole(present) ? [] : [protocolNeed(Number(values[0]?.from))];
    case 'bytes': {
      const { segment } = load;
      const protocol = PROTOCOLS[segment];
      if (protocol !== undefined) return [protocolNeed(protocol)];
      if (segment === 'transport') return [];
      if (segment !== 'network') return [{ need: test => segmentOf(test) === segment, condition }];
      // Not that bytes of the fixed header are there, but what is said about them: a length that leaves room for options.
      return isWhole(present) ? [] : [{ need: test => test.kind === 'test' && implies(test, present), condition }];
    }
    default:
      return [];
  }
}

/** Segments that only one protocol has. */
const PROTOCOLS: Readonly<Record<string, number>> = { tcp_payload: 6, udp_payload: 17 };

function protocolNeed(protocol: number): FieldNeed {
  const value = of(BigInt(protocol));
  return {
    need: test =>
      test.kind === 'test' && test.load.kind === 'l4proto'
        ? isSubset(test.values, value)
        : PROTOCOLS[segmentOf(test) ?? ''] === protocol,
    condition: `ip.proto eq "${protocolNames(protocol)[0]}"`,
  };
}

function segmentOf(test: Test | Scan): string | undefined {
  if (test.kind === 'scan') return test.segment;
  return 'segment' in test.load ? test.load.segment : undefined;
}

/** Whether it asks only that its bytes are there. */
function isWhole({ load, mask, values }: Test): boolean {
  const top = mask ?? greatest(loadBits(load));
  const [only] = values;
  return only?.from === 0n && only.to >= top;
}
