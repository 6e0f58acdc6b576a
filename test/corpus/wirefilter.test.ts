// The shared corpus of cases that were checked against the real engine. Tier core must hold in full: accepted or
// refused, AST, and result. How far error kinds and places agree is printed.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isInteger, parse } from 'lossless-json';
import { runCaseLine } from '../../src/language/corpus-case';

const CORPUS = path.join(__dirname, '../../../shared/corpus/wirefilter.jsonl');

interface CorpusCase {
  readonly id: string;
  readonly tier: 'core' | 'quirk' | 'engine-bug';
  readonly why: string;
  readonly line: string;
  readonly wanted: Readonly<Record<string, unknown>>;
}

function json(text: string): Readonly<Record<string, unknown>> {
  const value = parse(text, null, number => (isInteger(number) ? BigInt(number) : Number(number)));
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function readCorpus(): CorpusCase[] {
  return readFileSync(CORPUS, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const { id, tier, why, ...wanted } = json(line);
      if (tier !== 'core' && tier !== 'quirk' && tier !== 'engine-bug') throw new Error(`${String(id)} has no tier`);
      return { id: String(id), tier, why: String(why), line, wanted };
    });
}

function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter(key => key in from).map(key => [key, from[key]]));
}

function entries(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

if (existsSync(CORPUS)) {
  const corpus = readCorpus();

  describe('every core case of the corpus agrees', () => {
    test.each(corpus.filter(each => each.tier === 'core'))('$id: $why', ({ line, wanted }) => {
      const keys = ['valid', 'ast', 'result'].filter(key => key in wanted);
      expect(pick(json(runCaseLine(line)), keys)).toEqual(pick(wanted, keys));
    });
  });

  test('error kinds and places agree with the engine for nearly all refused core cases', () => {
    const refused = corpus.filter(each => each.tier === 'core' && each.wanted.error !== undefined);
    const pairs = refused.map(({ line, wanted }) => [wanted.error, json(runCaseLine(line)).error] as const);
    const rate = (key: string): number =>
      pairs.filter(([wanted, got]) => entries(wanted).get(key) === entries(got).get(key)).length / pairs.length;
    const rates = { kind: rate('kind'), line: rate('line'), col: rate('col'), span_len: rate('span_len') };
    process.stdout.write(`corpus: ${refused.length} refused core cases, agreement ${JSON.stringify(rates)}\n`);
    expect(rates.kind).toBe(1);
    expect(rates.line).toBe(1);
    expect(rates.col).toBeGreaterThan(0.98);
    expect(rates.span_len).toBeGreaterThan(0.98);
  });

  test('the quirks that are refused on purpose are those of docs/language.md', () => {
    const differing = corpus.filter(({ line, tier, wanted }) => {
      return tier !== 'core' && json(runCaseLine(line)).valid !== wanted.valid;
    });
    expect(differing.map(each => each.wanted.expr)).toEqual([
      'ssl andbeta',
      'notssl',
      'notary.id == 1',
      'host == "\\x+f"',
      'host == +f:01',
      'addr == 192.0.2.1or ssl',
      'port in {80-1}',
      'port in {80 443-1}',
      'any(bgrid[*])',
    ]);
  });
} else {
  process.stdout.write(`skipped, as ${CORPUS} is absent: the corpus of cases checked against the real engine\n`);
  test.skip(`the shared corpus is not at ${CORPUS}`, () => undefined);
}
