// The box of header fields that a formula's packets lie in: addresses, protocol and ports. Rules of disjoint boxes share no
// packet, which spares nearly all of the work on large policies.

import type { Formula, Load, Test } from '../ir/formula';
import type { PacketFamily } from '../packet/packet';

/** Least and greatest value of each field, in turn; undefined where no packet can match. */
export type Hull = Float64Array | undefined;

interface HullField {
  readonly load: Load;
  /** Numbers beyond 48 bits are compared by their highest 48. */
  readonly shift: bigint;
}

const PORTS: readonly HullField[] = [header('transport', 0, 2), header('transport', 2, 2)];
const L4PROTO: HullField = { load: { kind: 'l4proto' }, shift: 0n };
const FIELDS: Readonly<Record<PacketFamily, readonly HullField[]>> = {
  ip: [header('network', 12, 4), header('network', 16, 4), ...PORTS, L4PROTO],
  ip6: [header('network', 8, 16), header('network', 24, 16), ...PORTS, L4PROTO],
};
const KEYS: Readonly<Record<PacketFamily, ReadonlyMap<string, number>>> = { ip: keys('ip'), ip6: keys('ip6') };

export function hullOf(formula: Formula, family: PacketFamily): Hull {
  switch (formula.kind) {
    case 'constant':
      return formula.value ? everything(family) : undefined;
    case 'test':
      return testHull(formula, family);
    case 'and':
      return formula.operands.reduce<Hull>(
        (hull, operand) => intersection(hull, hullOf(operand, family)),
        everything(family),
      );
    case 'or':
      return formula.operands.reduce<Hull>((hull, operand) => around(hull, hullOf(operand, family)), undefined);
    default:
      return everything(family);
  }
}

export function areDisjoint(a: Hull, b: Hull): boolean {
  if (a === undefined || b === undefined) return true;
  for (let index = 0; index < a.length; index += 2) {
    if ((a[index] as number) > (b[index + 1] as number) || (b[index] as number) > (a[index + 1] as number)) return true;
  }
  return false;
}

function testHull({ load, mask, values }: Test, family: PacketFamily): Hull {
  const hull = everything(family);
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const place = mask === undefined ? KEYS[family].get(keyOf(load)) : undefined;
  if (place === undefined) return hull;
  const { shift } = FIELDS[family][place] as HullField;
  hull[place * 2] = Number(first.from >> shift);
  hull[place * 2 + 1] = Number(last.to >> shift);
  return hull;
}

function everything(family: PacketFamily): Float64Array {
  const hull = new Float64Array(FIELDS[family].length * 2);
  for (let index = 1; index < hull.length; index += 2) hull[index] = Number.POSITIVE_INFINITY;
  return hull;
}

function intersection(a: Hull, b: Hull): Hull {
  if (a === undefined || b === undefined || areDisjoint(a, b)) return undefined;
  return a.map((value, index) => (index % 2 === 0 ? Math.max : Math.min)(value, b[index] as number));
}

function around(a: Hull, b: Hull): Hull {
  if (a === undefined || b === undefined) return a ?? b;
  return a.map((value, index) => (index % 2 === 0 ? Math.min : Math.max)(value, b[index] as number));
}

function header(segment: 'network' | 'transport', offset: number, length: number): HullField {
  const load: Load = { kind: 'bytes', segment, from: 'start', offset, length };
  return { load, shift: BigInt(Math.max(0, length * 8 - 48)) };
}

function keys(family: PacketFamily): ReadonlyMap<string, number> {
  return new Map(FIELDS[family].map(({ load }, place) => [keyOf(load), place]));
}

function keyOf(load: Load): string {
  return Object.values(load).join(' ');
}
