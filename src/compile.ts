// The pipeline: text → AST → typed AST → formula → optimised formula → plan. Pure; what is wrong with an expression comes
// back as diagnostics, all rules' together.

import { compilePlan, unsayableRules } from './compile-plan';
import { type Diagnostic, diagnostic } from './diagnostic/diagnostic';
import { ExpressionCache, expressionKeys, type KeptExpression } from './expression-cache';
import type { Lists } from './ir/address';
import type { Site } from './ir/external';
import type { FormulaByFamily } from './ir/formula';
import { lower } from './ir/lower';
import { optimise } from './ir/optimise';
import type { Rule, Ruleset } from './ir/ruleset';
import { packetWarnings } from './ir/warning/packet-warnings';
import { readExpression } from './language/expression';
import { packetScheme } from './language/field/packet-scheme';
import { PACKET_LIMITS } from './language/limits';
import type { TypedExpression } from './language/typed-ast';
import { bothFamilies } from './packet/families';
import type { Plan, PlanOptions } from './plan';

/** A rule before compilation: text and what to do. */
export type RuleText = Omit<Rule, 'formula'> & { readonly expression: string };

export interface RulesetText {
  readonly account: string;
  readonly lists: Lists;
  readonly rules: readonly RuleText[];
}

export interface CompileOptions extends PlanOptions {
  readonly optimise: boolean;
  readonly site: Site;
}

export const DEFAULT_OPTIONS: CompileOptions = {
  choice: 'auto',
  stages: 'auto',
  logGroup: 5,
  optimise: true,
  site: {},
};

export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly warned: readonly JudgedRule[] }
  | { readonly ok: false; readonly refused: readonly JudgedRule[] };

/** What is said of one rule: why it is refused, or its warnings. */
export interface JudgedRule {
  readonly index: number;
  readonly ref: string;
  readonly expression: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface CompiledExpression {
  readonly typed: TypedExpression;
  /** As lowered, before any rewrite. */
  readonly plain: FormulaByFamily;
  readonly formula: FormulaByFamily;
  readonly warnings: readonly Diagnostic[];
}

export function compile(text: RulesetText, options: CompileOptions = DEFAULT_OPTIONS): Outcome<Plan> {
  const ruleset = compileRuleset(text, options);
  if (!ruleset.ok) return ruleset;
  const refused = notInNftables(ruleset.value, text, options);
  if (refused.length > 0) return { ok: false, refused };
  return { ok: true, value: compilePlan(ruleset.value, options), warned: ruleset.warned };
}

/** Expressions to formulas: what the evaluator needs, and all it needs. What `cache` knows is not compiled again. */
export function compileRuleset(
  text: RulesetText,
  options: CompileOptions = DEFAULT_OPTIONS,
  cache: ExpressionCache = EXPRESSIONS,
): Outcome<Ruleset> {
  const { optimise, site } = options;
  const keyOf = expressionKeys(text.lists, [optimise, site]);
  const rules: Rule[] = [];
  const warned: JudgedRule[] = [];
  const refused: JudgedRule[] = [];
  for (const rule of text.rules) {
    const key = keyOf(rule.expression);
    const found = cache.get(key) ?? compileExpression(rule.expression, text.lists, site);
    if (isRefused(found)) {
      refused.push(judged(rule, found.diagnostics));
      continue;
    }
    const kept = 'ok' in found ? cache.set(key, keptOf(found.value, optimise)) : found;
    if (kept.warnings.length > 0) warned.push(judged(rule, kept.warnings));
    rules.push(cache.rule(kept, rule));
  }
  if (refused.length > 0) return { ok: false, refused };
  return { ok: true, value: { account: text.account, rules }, warned };
}

/** Of the process. */
const EXPRESSIONS = new ExpressionCache();

type Compiled =
  | { readonly ok: true; readonly value: CompiledExpression }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

function isRefused(found: KeptExpression | Compiled): found is Extract<Compiled, { readonly ok: false }> {
  return 'ok' in found && !found.ok;
}

function keptOf({ formula, plain, warnings }: CompiledExpression, optimise: boolean): Omit<KeptExpression, 'rules'> {
  return { formula: optimise ? formula : plain, warnings };
}

/** Without lists any list may be named; it holds nothing. Without a site nothing is missing there; nothing of it holds. */
export function compileExpression(text: string, lists: Lists | undefined, site?: Site): Compiled {
  const read = readExpression(text, packetScheme(lists?.keys()), PACKET_LIMITS);
  if (!read.ok) return read;
  const problems: Diagnostic[] = [];
  const spent = { entries: 0, steps: 0 };
  const plain = bothFamilies(family => lower(read.expression, { family, lists, site, problems, spent }));
  if (problems.length > 0) return { ok: false, diagnostics: distinct(problems) };
  const formula = bothFamilies(family => optimise(plain[family], family));
  const found = packetWarnings({ source: text, expression: read.expression, formula, lists });
  const warnings = [...read.warnings, ...found].sort((a, b) => a.span.start - b.span.start);
  return { ok: true, value: { typed: read.expression, plain, formula, warnings } };
}

/** Each rule alone, so that every one that nftables cannot say is named. */
function notInNftables(ruleset: Ruleset, text: RulesetText, options: CompileOptions): JudgedRule[] {
  const unsayable = options.choice === 'nft' ? unsayableRules(ruleset, options) : new Map();
  return ruleset.rules.flatMap((rule, position) => {
    const reason = unsayable.get(rule)?.message;
    if (reason === undefined) return [];
    const source = text.rules[position] as RuleText;
    const span = { start: 0, end: source.expression.length };
    return [judged(source, [diagnostic('notInNftables', span, { reason })])];
  });
}

function judged({ index, ref, expression }: RuleText, diagnostics: readonly Diagnostic[]): JudgedRule {
  return { index, ref, expression, diagnostics };
}

/** Both families report the same problem of one place. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map(each => [`${each.code} ${each.span.start}`, each])).values()];
}
