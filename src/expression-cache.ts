// What expressions compile to, kept by what that depends on: the text, the conditions it is compiled under, and what the
// lists that it names hold. The same content gives the same objects, rules too, so that later stages find what two
// versions of a policy share by identity. What was not asked for the longest goes first.

import { createHash } from 'node:crypto';
import type { Diagnostic } from './diagnostic/diagnostic';
import type { AddressRange, Lists } from './ir/address';
import type { Formula, FormulaByFamily } from './ir/formula';
import type { Rule } from './ir/ruleset';

export interface KeptExpression {
  readonly formula: FormulaByFamily;
  readonly warnings: readonly Diagnostic[];
  /** Made from it, by ref. */
  readonly rules: Map<string, Rule>;
}

/** Characters of expressions and entries of automata: some 40,000 rules of ordinary length, 100 MB. */
export const DEFAULT_CACHE_SIZE = 2 ** 21;

/** Two halves: when the younger one is full it becomes the older one, and what has not been asked for since is dropped. */
export class ExpressionCache {
  #younger = new Map<string, KeptExpression>();
  #older = new Map<string, KeptExpression>();
  #size = 0;

  constructor(readonly limit: number = DEFAULT_CACHE_SIZE) {}

  get(key: string): KeptExpression | undefined {
    const found = this.#younger.get(key);
    if (found !== undefined) return found;
    const older = this.#older.get(key);
    if (older !== undefined) this.#keep(key, older);
    return older;
  }

  set(key: string, { formula, warnings }: Omit<KeptExpression, 'rules'>): KeptExpression {
    const kept = { formula, warnings, rules: new Map<string, Rule>() };
    this.#keep(key, kept);
    return kept;
  }

  /** The rule itself, or the one made before that is equal to it. */
  rule(kept: KeptExpression, wanted: Omit<Rule, 'formula'>): Rule {
    const { index, ref, action, enabled } = wanted;
    const made = kept.rules.get(ref);
    if (made?.index === index && made.action === action && made.enabled === enabled) return made;
    const rule = { index, ref, action, enabled, formula: kept.formula };
    if (made === undefined) this.#size += ref.length;
    kept.rules.set(ref, rule);
    return rule;
  }

  #keep(key: string, kept: KeptExpression): void {
    const size = key.length + automata(kept.formula.ip) + automata(kept.formula.ip6);
    if (this.#size + size > this.limit / 2) {
      this.#older = this.#younger;
      this.#younger = new Map();
      this.#size = 0;
    }
    this.#younger.set(key, kept);
    this.#size += size;
  }
}

/** What an expression compiles to under these conditions is kept by this key. */
export function expressionKeys(lists: Lists, conditions: readonly unknown[]): (text: string) => string {
  // JSON has no line breaks of its own.
  const prefix = `${JSON.stringify(conditions)}\n`;
  return text => (text.includes('$') ? `${prefix}${named(text, lists)}\n${text}` : prefix + text);
}

/** Every name behind a `$`, be it in a string: one too many does no harm. */
function named(text: string, lists: Lists): string {
  const names = new Set(text.match(/(?<=\$)[a-z0-9_.]+/g));
  return JSON.stringify([...names].map(name => [name, digest(lists.get(name))]));
}

const DIGESTS = new WeakMap<readonly AddressRange[], string>();

function digest(ranges: readonly AddressRange[] | undefined): string {
  if (ranges === undefined) return '';
  const known = DIGESTS.get(ranges);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const { family, from, to } of ranges) hash.update(`${family} ${from} ${to}\n`);
  const made = hash.digest('base64');
  DIGESTS.set(ranges, made);
  return made;
}

function automata(formula: Formula): number {
  switch (formula.kind) {
    case 'scan':
      return formula.automaton.next.length;
    case 'not':
      return automata(formula.operand);
    case 'and':
    case 'or':
    case 'xor':
      return formula.operands.reduce((sum, operand) => sum + automata(operand), 0);
    default:
      return 0;
  }
}
