// Text to typed AST in one step, with everything that can be said about a wrong text: where it cannot be parsed, what
// stands before the error is still checked, and a missing literal is named by the type that it should have had.

import { CATALOGUE, type Problem } from '../diagnostic/catalogue';
import type { Diagnostic } from '../diagnostic/diagnostic';
import type { Expression } from './ast';
import { check } from './check/check';
import { type Limits, PACKET_LIMITS } from './limits';
import { parse } from './parse';
import type { Scheme } from './scheme';
import type { TypedExpression } from './typed-ast';

export type ReadExpression =
  | {
      readonly ok: true;
      readonly ast: Expression;
      readonly expression: TypedExpression;
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function readExpression(text: string, scheme: Scheme, limits: Limits = PACKET_LIMITS): ReadExpression {
  const parsed = parse(text, limits);
  if (parsed.ok) {
    const checked = check(parsed.ast, scheme, limits);
    return checked.ok ? { ...checked, ast: parsed.ast } : checked;
  }
  const [syntax] = parsed.diagnostics;
  if (parsed.beginning === undefined || syntax === undefined) return parsed;
  const checked = check(parsed.beginning, scheme, limits);
  if (checked.ok) return parsed;
  return { ok: false, diagnostics: merge(checked.diagnostics, syntax) };
}

/**
 * Wirefilter stops at the first mistake and knows the types there, so what the check found at or before the place of
 * the syntax error comes first, unless it is about the end that was made up.
 */
function merge(found: readonly Diagnostic[], syntax: Diagnostic): readonly Diagnostic[] {
  const inCall = IN_CALL.has(syntax.code);
  const madeUp = (each: Diagnostic): boolean =>
    each.code === CATALOGUE.rootType.code || (inCall && OF_UNFINISHED_CALL.has(each.code));
  const genuine = found.filter(each => !madeUp(each));
  const before = genuine.filter(each => each.span.start < syntax.span.start);
  const here = genuine.find(each => each.span.start >= syntax.span.start);
  if (here === undefined) return [...before, syntax];
  // The check knows what was expected, the parser may know what the author meant.
  const { code, cure, arguments: words } = syntax;
  const meant = GENERAL.has(code) ? here : { ...here, code, cure, arguments: words };
  return [...before, meant];
}

function codes(...problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.map(problem => CATALOGUE[problem].code));
}

const IN_CALL = codes('commaExpected', 'callEndExpected', 'argumentExpected');
const OF_UNFINISHED_CALL = codes('argumentCount', 'operatorExpected');
const GENERAL = codes('trailingInput', 'closingBracketExpected', 'literalExpected', 'itemExpected', 'quoteMissing');
