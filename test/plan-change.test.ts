// A plan in which one rule has become another is the plan of the changed policy: by cases written out, and by random
// changes in a row, each held against a compilation of the whole.

import { interpret } from '../src/classifier/interpret';
import { compilePlan } from '../src/compile-plan';
import { evaluate } from '../src/ir/evaluate';
import { printFormula } from '../src/ir/print';
import { dissect } from '../src/packet/packet';
import type { Plan } from '../src/plan';
import { changeRule } from '../src/plan-change';
import type { StageChoice } from '../src/stage/stage';
import { PACKETS_SEEN } from './packet/observed';
import { planOf } from './packet/rules';
import { rulesOf } from './stage/policies';

/** The plan after rule `number` has become the line. */
function changed(plan: Plan, number: number, line: string, stages: StageChoice): Plan | undefined {
  const lines = plan.ruleset.rules.map((_, position) => (position === number - 1 ? line : 'block false'));
  const rule = planOf(rulesOf(lines), { stages }).ruleset.rules[number - 1];
  if (rule === undefined) throw new Error(`there is no rule ${number}`);
  return changeRule(plan, number - 1, rule);
}

/** Elements of the IPv4 maps: last byte of the address, its verdict and its rule. */
function elements(plan: Plan | undefined): string[] | undefined {
  return plan?.tables.ip.maps.flatMap(map =>
    map.elements.map(({ key, verdict, comment }) => `${key.at(-1)} ${verdict} ${/rule=(\S+)/.exec(comment)?.[1]}`),
  );
}

const MAP = [
  'block ip.src == 192.0.2.1',
  'block ip.src == 192.0.2.2',
  'skip ip.src in {192.0.2.1 192.0.2.3}',
  'block ip.src == 192.0.2.1',
];

describe('a rule of a map: its elements go, come and change hands', () => {
  test.each<[string, readonly (readonly [number, string])[], readonly string[]]>([
    ['as it was', [], ['1 drop 1', '2 drop 2', '3 accept 3']],
    ['another value', [[2, 'block ip.src == 192.0.2.4']], ['1 drop 1', '4 drop 2', '3 accept 3']],
    ['another action', [[2, 'skip ip.src == 192.0.2.2']], ['1 drop 1', '2 accept 2', '3 accept 3']],
    [
      'a key that is given up goes to the next rule',
      [[1, 'block ip.src == 192.0.2.4']],
      ['1 accept 3', '2 drop 2', '3 accept 3', '4 drop 1'],
    ],
    [
      'and to the next',
      [
        [1, 'block ip.src == 192.0.2.4'],
        [3, 'skip ip.src == 192.0.2.3'],
      ],
      ['1 drop 4', '2 drop 2', '3 accept 3', '4 drop 1'],
    ],
    ['a key is taken from a rule behind', [[2, 'block ip.src == 192.0.2.3']], ['1 drop 1', '3 drop 2']],
    [
      'and given back',
      [
        [2, 'block ip.src == 192.0.2.3'],
        [2, 'block ip.src == 192.0.2.2'],
      ],
      ['1 drop 1', '3 accept 3', '2 drop 2'],
    ],
    [
      'more values',
      [[2, 'block ip.src in {192.0.2.2 192.0.2.4..192.0.2.5}']],
      ['1 drop 1', '2 drop 2', '3 accept 3', '4 drop 2', '5 drop 2'],
    ],
    ['fewer, which are no element', [[3, 'skip ip.src == 192.0.2.1']], ['1 drop 1', '2 drop 2']],
  ])('%s', (_, changes, expected) => {
    let plan: Plan | undefined = planOf(rulesOf(MAP), { stages: 'verdict_map' });
    for (const [number, line] of changes) plan = plan && changed(plan, number, line, 'verdict_map');
    expect(elements(plan)).toEqual(expected);
  });
});

describe('all must be compiled where the rule would stand elsewhere', () => {
  test.each<[string, readonly string[], number, string, StageChoice]>([
    ['not among exact values', MAP, 2, 'block ip.src > 192.0.2.2', 'verdict_map'],
    ['in a map of another key', MAP, 2, 'block ip.dst == 192.0.2.2', 'verdict_map'],
    [
      'under another guard',
      ['block tcp.dstport == 1', 'block tcp.dstport == 2'],
      2,
      'block udp.dstport == 2',
      'verdict_map',
    ],
    ['in no map, as it logs', MAP, 2, 'log ip.src == 192.0.2.2', 'verdict_map'],
    ['in the other family', MAP, 2, 'block ip.src == 2001:db8::1', 'verdict_map'],
    ['nowhere', MAP, 2, 'block false', 'verdict_map'],
    ['where fragments have to be told apart', ['block ip.ttl == 1'], 1, 'block tcp.dstport == 1', 'linear'],
    ['where they no longer have to be', ['block tcp.dstport == 1'], 1, 'block ip.ttl == 1', 'linear'],
  ])('%s', (_, lines, number, line, stages) => {
    expect(changed(planOf(rulesOf(lines), { stages }), number, line, stages)).toBeUndefined();
  });
});

test('the plan before stays as it was, and can be changed again', () => {
  const plan = planOf(rulesOf(MAP), { stages: 'verdict_map' });
  const [first, second] = [4, 5].map(last => changed(plan, 1, `block ip.src == 192.0.2.${last}`, 'verdict_map'));
  expect(elements(plan)).toEqual(['1 drop 1', '2 drop 2', '3 accept 3']);
  expect(elements(first)).toEqual(['1 accept 3', '2 drop 2', '3 accept 3', '4 drop 1']);
  expect(elements(second)).toEqual(['1 accept 3', '2 drop 2', '3 accept 3', '5 drop 1']);
});

test('what does not change is shared', () => {
  const plan = planOf(rulesOf([...MAP, 'log ip.ttl == 1']), { stages: 'verdict_map' });
  const after = changed(plan, 2, 'block ip.src == 192.0.2.4', 'verdict_map');
  const [before, now] = [plan.tables.ip, after?.tables.ip];
  expect(now?.maps[0]?.elements.map((element, slot) => element === before.maps[0]?.elements[slot])).toEqual([
    true,
    false,
    true,
  ]);
  expect(now?.chains.map((chain, at) => chain === before.chains[at])).toEqual([true, true, false]);
  expect([after?.keys === plan.keys, after?.programs === plan.programs, after?.stages.ip6 === plan.stages.ip6]).toEqual(
    [true, true, true],
  );
});

/** An expression with some numbers. */
type Kind = (number: () => number) => string;

const KINDS: readonly (readonly [StageChoice, readonly Kind[]])[] = [
  [
    'verdict_map',
    [
      number => `ip.src == 192.0.2.${number()} and tcp.dstport == ${number()}`,
      number => `ip.src in {192.0.2.${number()} 192.0.2.${number()}} and tcp.dstport == ${number()}`,
      number => `ip.src == 2001:db8::${number()} and tcp.dstport == ${number()}`,
      number => `tcp.dstport in {${number()} ${number()}}`,
    ],
  ],
  [
    'linear',
    [
      number => `ip.src == 192.0.2.${number()} and tcp.dstport == ${number()}`,
      number => `ip.ttl in {${number()} 9 20} and not tcp.srcport == ${number()}`,
      number => `tcp.dstport == ${number()} or ip.ttl == ${number()} xor udp.srcport == 1`,
      number => `udp.payload contains "${number()}" and udp.dstport == 1`,
      number => `ip.ttl == ${number()}`,
    ],
  ],
];

/** The same numbers every time. */
class Numbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.#state >> 8) % bound;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

const RULES = 12;

/** Calls `check` with each plan that a change has made out of another; those that must be compiled come in between. */
function changeInARow(
  kinds: readonly Kind[],
  stages: StageChoice,
  actions: readonly string[],
  check: (after: Plan) => void,
): number {
  const numbers = new Numbers(7);
  const number = () => 1 + numbers.below(4);
  let done = 0;
  for (let round = 0; round < 20; round++) {
    const usual = numbers.of(kinds);
    const line = () => `${numbers.of(actions)} ${(numbers.below(3) === 0 ? numbers.of(kinds) : usual)(number)}`;
    let plan = planOf(rulesOf(Array.from({ length: RULES }, line)), { stages });
    for (let change = 0; change < 15; change++) {
      const after = changed(plan, 1 + numbers.below(RULES), line(), stages);
      if (after === undefined) plan = compilePlan(plan.ruleset, plan.options);
      else {
        plan = after;
        check(after);
        done++;
      }
    }
  }
  return done;
}

test.each(KINDS)('random changes in a row, stages %s', (stages, kinds) => {
  let compared = 0;
  changeInARow(kinds, stages, ['block', 'skip'], after => {
    expect([...after.tables.ip.maps, ...after.tables.ip6.maps].flatMap(unnoted)).toEqual([]);
    const whole = compilePlan(after.ruleset, after.options);
    // Where all rules have come to ask the same, it would now be a guard.
    if (guards(whole) !== guards(after)) return;
    compared++;
    expect(essence(after)).toEqual(essence(whole));
  });
  expect(compared).toBeGreaterThan(100);
});

test('random changes in a row, stages classifier: the tables decide as the evaluator does', () => {
  const kinds = KINDS.flatMap(([, each]) => each);
  const done = changeInARow(
    kinds,
    'classifier',
    ['block', 'skip', 'block', 'off block', 'log'],
    ({ ruleset, classifiers }) => {
      for (const bytes of PACKETS_SEEN) {
        const packet = dissect(bytes);
        const classifier = packet && classifiers[packet.family]?.classifier;
        if (packet === undefined || classifier === undefined) continue;
        const { verdict, rule, logged } = interpret(classifier, packet);
        const staged = ruleset.rules.filter(({ formula }) => formula[packet.family].kind !== 'constant');
        const indices = [...logged, ...(rule === undefined ? [] : [rule])].map(position => staged[position]?.index);
        const expected = evaluate(ruleset, bytes);
        expect([verdict, ...indices]).toEqual([expected.verdict, ...expected.matched.map(({ index }) => index)]);
      }
    },
  );
  expect(done).toBeGreaterThan(100);
});

test('a classifier that a change has taken is not changed again', () => {
  const plan = planOf(rulesOf(['block ip.ttl == 1', 'skip ip.ttl == 2']), { stages: 'classifier' });
  expect(changed(plan, 1, 'block ip.ttl == 3', 'classifier')).toBeDefined();
  expect(changed(plan, 1, 'block ip.ttl == 4', 'classifier')).toBeUndefined();
});

/** Places where a map differs from the one that it was made from, and does not say so. */
function unnoted({ elements, change }: Plan['tables']['ip']['maps'][number]): number[] {
  if (change === undefined) return [];
  const places = Array.from({ length: Math.max(elements.length, change.from.length) }, (_, slot) => slot);
  return places.filter(slot => elements[slot] !== change.from[slot] && !change.slots.includes(slot));
}

function guards({ stages }: Plan): string {
  const maps = [...stages.ip, ...stages.ip6].flatMap(stage => (stage.kind === 'verdict_map' ? [stage] : []));
  return maps.map(map => map.guards.map(printFormula).join()).join('\n');
}

/** Without the order of elements and chains, which nothing depends on. */
function essence({ version, tables, backends, programs, stages }: Plan): unknown {
  const sorted = ({ chains, maps, sets }: Plan['tables']['ip']) => ({
    chains: [...chains].sort((a, b) => a.name.localeCompare(b.name)),
    sets: sets.map(({ name }) => name).sort(),
    maps: maps.map(({ change, ...map }) => ({
      ...map,
      elements: [...map.elements].sort((a, b) => Buffer.compare(a.key, b.key)),
    })),
  });
  const told = (stage: Plan['stages']['ip'][number]) => ({ ...stage, cost: 0, reason: '' });
  return {
    version,
    backends,
    programs: [...programs.keys()].sort(),
    tables: [sorted(tables.ip), sorted(tables.ip6)],
    stages: [stages.ip.map(told), stages.ip6.map(told)],
  };
}
