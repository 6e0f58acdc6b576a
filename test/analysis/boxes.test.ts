// Policies of many rules against a judge that knows nothing of diagrams: each rule is a range of ports between two networks,
// and who decides is counted out port by port.

import { analyze } from '../../src/analysis/analyze';
import { rulesOf } from './policy';

interface Box {
  readonly action: 'block' | 'skip';
  readonly source: number;
  readonly destination: number;
  readonly from: number;
  readonly to: number;
}

const NETWORKS = 4;
const PORTS = 60;

/** The same in every run (xorshift, Marsaglia 2003). */
function boxes(count: number, seed: number): readonly Box[] {
  let state = seed;
  const below = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return Array.from({ length: count }, () => {
    const action = below(2) === 0 ? 'block' : 'skip';
    const from = below(PORTS);
    return { action, source: below(NETWORKS), destination: below(NETWORKS), from, to: from + below(12) };
  });
}

function ruleText({ action, source, destination, from, to }: Box): string {
  const networks = `ip.src in {10.${source}.0.0/16} and ip.dst in {192.168.${destination}.0/24}`;
  return `${action} ${networks} and tcp.dstport in {${from}..${to}}`;
}

interface Expected {
  readonly shadowed: boolean;
  /** Earlier rules that decide some port of the rule the other way. */
  readonly conflicts: readonly string[];
}

function expectedOf(rule: Box, earlier: readonly Box[]): Expected {
  const ports = Array.from({ length: rule.to - rule.from + 1 }, (_, index) => rule.from + index);
  const deciders = ports.map(port =>
    earlier.findIndex(
      each =>
        each.source === rule.source && each.destination === rule.destination && each.from <= port && port <= each.to,
    ),
  );
  const others = [...new Set(deciders)].filter(place => place >= 0 && earlier[place]?.action !== rule.action);
  const shadowed = !deciders.includes(-1);
  return { shadowed, conflicts: shadowed ? [] : others.sort((a, b) => a - b).map(place => `r${place + 1}`) };
}

test.each([1, 2, 3])(
  'shadowed rules and conflicts among 300 overlapping rules are those that counting finds, %i',
  seed => {
    const policy = boxes(300, seed);
    const found = analyze(rulesOf(policy.map(ruleText))).map(
      ({ findings }): Expected => ({
        shadowed: findings.some(({ kind }) => kind === 'shadowed'),
        conflicts: findings.filter(({ kind }) => kind === 'conflict').flatMap(({ by }) => by),
      }),
    );
    const expected = policy.map((rule, place) => expectedOf(rule, policy.slice(0, place)));
    expect(expected.filter(({ shadowed }) => shadowed).length).toBeGreaterThan(30);
    expect(expected.flatMap(({ conflicts }) => conflicts).length).toBeGreaterThan(50);
    expect(found).toEqual(expected);
  },
);
