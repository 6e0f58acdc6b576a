// Text to typed AST in one step, with everything that can be said about a wrong text: where it cannot be parsed, what
// stands before and behind the error is still checked, and a missing literal is named by the type that it should have had.

import { CATALOGUE, type Problem } from '../diagnostic/catalogue';
import type { Diagnostic } from '../diagnostic/diagnostic';
import type { Span } from '../diagnostic/span';
import type { Expression } from './ast';
import { check } from './check/check';
import { type Limits, PACKET_LIMITS } from './limits';
import { parse } from './parse';
import { resumableParts } from './resume';
import type { Scheme } from './scheme';
import type { Tokens } from './tokenize';
import type { TypedExpression } from './typed-ast';

export type ReadExpression =
  | {
      readonly ok: true;
      readonly ast: Expression;
      readonly expression: TypedExpression;
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Syntax errors one behind the other that are told at once. */
const MOST_SYNTAX_ERRORS = 20;

export function readExpression(text: string, scheme: Scheme, limits: Limits = PACKET_LIMITS): ReadExpression {
  return read(text, { scheme, limits, syntaxErrors: MOST_SYNTAX_ERRORS });
}

interface Reading {
  readonly scheme: Scheme;
  readonly limits: Limits;
  /** How many more may be looked for. */
  readonly syntaxErrors: number;
}

function read(text: string, reading: Reading): ReadExpression {
  const { scheme, limits, syntaxErrors } = reading;
  const parsed = parse(text, limits);
  if (parsed.ok) {
    const checked = check(parsed.ast, scheme, limits);
    return checked.ok ? { ...checked, ast: parsed.ast } : checked;
  }
  const [syntax] = parsed.diagnostics;
  if (parsed.read === undefined || syntax === undefined) return parsed;
  const checked = parsed.beginning === undefined ? undefined : check(parsed.beginning, scheme, limits);
  const upToHere = checked === undefined || checked.ok ? [syntax] : merge(checked.diagnostics, syntax, parsed.read);
  const parts = syntaxErrors > 1 ? resumableParts(text, parsed.read) : [];
  const behind = parts.flatMap(part => readPart(text, part, { ...reading, syntaxErrors: syntaxErrors - 1 }));
  return { ok: false, diagnostics: [...upToHere, ...behind] };
}

/** What is wrong with a part of the text that is an expression of its own, at its places in the text. */
function readPart(text: string, { start, end }: Span, reading: Reading): readonly Diagnostic[] {
  const part = text.slice(start, end);
  // A value alone goes on with the list of values that the error was in.
  if (/^\s*["'0-9]/.test(part)) return [];
  const result = read(text.slice(0, start).replace(/[^\n]/g, ' ') + part, reading);
  return result.ok ? [] : result.diagnostics.filter(({ code }) => code !== CATALOGUE.rootType.code);
}

/**
 * Wirefilter stops at the first mistake and knows the types there, so what the check found at or before the place of
 * the syntax error comes first, unless it is about the end that was made up. Where the condition that cannot be read on
 * was wrong already, that it cannot be read on is no second mistake.
 */
function merge(found: readonly Diagnostic[], syntax: Diagnostic, tokens: Tokens): readonly Diagnostic[] {
  const inCall = IN_CALL.has(syntax.code);
  const madeUp = (each: Diagnostic): boolean =>
    each.code === CATALOGUE.rootType.code || (inCall && OF_UNFINISHED_CALL.has(each.code));
  const genuine = found.filter(each => !madeUp(each));
  const before = genuine.filter(each => each.span.start < syntax.span.start);
  const here = genuine.find(each => each.span.start >= syntax.span.start);
  if (here === undefined) return follows(before, syntax, tokens) ? before : [...before, syntax];
  // The check knows what was expected, the parser may know what the author meant.
  const { code, cure, arguments: words } = syntax;
  const known = GENERAL.has(code) || (code === CATALOGUE.otherQuotes.code && WITHOUT_QUOTES.has(here.code));
  const meant = known ? here : { ...here, code, cure, arguments: words };
  return [...before, meant];
}

function follows(before: readonly Diagnostic[], syntax: Diagnostic, { tokens, extent }: Tokens): boolean {
  if (!MORE_INPUT.has(syntax.code) || syntax.span.start >= extent.end) return false;
  const operandStart = tokens.findLast(({ type }) => LEADING.has(type))?.span.end ?? extent.start;
  return before.some(({ span }) => span.start >= operandStart);
}

/** Tokens that a condition can stand behind. */
const LEADING: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'not', 'open', 'open_arguments', 'comma']);

function codes(...problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.map(problem => CATALOGUE[problem].code));
}

const IN_CALL = codes('commaExpected', 'callEndExpected', 'argumentExpected', 'otherQuotes');
const OF_UNFINISHED_CALL = codes('argumentCount', 'operatorExpected');
/** What stands in other quotes should stand in none. */
const WITHOUT_QUOTES = codes('addressExpected', 'digitExpected');
const MORE_INPUT = codes('trailingInput', 'closingBracketExpected', 'indexEndExpected');
const GENERAL = codes('trailingInput', 'closingBracketExpected', 'literalExpected', 'itemExpected', 'quoteMissing');
