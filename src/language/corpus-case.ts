// One case of a conformance corpus: an expression with its scheme, lists, settings and values, run from text to result.
// Cases come and results go as JSON text, in which integers keep all their digits.

import { isInteger, parse as parseJson, stringify } from 'lossless-json';
import { z } from 'zod';
import type { Diagnostic } from '../diagnostic/diagnostic';
import { positionOf } from '../diagnostic/position';
import { checkValueExpression } from './check/value-expression';
import { caseContext, caseLists, caseType } from './corpus-context';
import { MissingFieldError } from './execute/context';
import { execute } from './execute/execute';
import { readExpression } from './expression';
import { STANDARD_FUNCTIONS } from './function/standard';
import { expressionJson, type Json, valueJson } from './json';
import { ENGINE_LIMITS, GREATEST_NESTING, type Limits } from './limits';
import { parse } from './parse';
import type { Field, Scheme } from './scheme';

const JSON_VALUE: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.string(),
    z.bigint(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(JSON_VALUE),
    z.record(z.string(), JSON_VALUE),
  ]),
);

const CASE = z.object({
  id: z.string(),
  expr: z.string(),
  /** "Bytes", or "Bytes?" for a field that may be missing. */
  scheme: z.record(z.string(), z.string()),
  lists: z.record(z.string(), z.record(z.string(), z.array(JSON_VALUE))).default({}),
  settings: z
    .object({
      max_nesting_depth: z.bigint().optional(),
      regex_compiled_size_limit: z.bigint().optional(),
      wildcard_star_limit: z.bigint().optional(),
    })
    .default({}),
  nil_not_equal: z.boolean().default(true),
  mode: z.enum(['filter', 'value']).default('filter'),
  context: z.record(z.string(), JSON_VALUE).optional(),
});

type Case = z.output<typeof CASE>;

/** A line of a corpus to a line of results; a malformed line yields a line with an error. Never throws for its input. */
export function runCaseLine(line: string): string {
  return stringify(runCaseText(line)) ?? '';
}

type Outcome = { readonly [key: string]: Json };

function runCaseText(line: string): Outcome {
  let id: string | null = null;
  try {
    const json = parseJson(line, null, text => (isInteger(text) ? BigInt(text) : Number(text)));
    id = z.object({ id: z.string() }).safeParse(json).data?.id ?? null;
    const read = CASE.safeParse(json);
    return read.success ? runCase(read.data) : malformed(id, z.prettifyError(read.error));
  } catch (error) {
    // SyntaxError: no JSON. RangeError: no such type or value, or nested deeper than the stack reaches.
    if (error instanceof SyntaxError || error instanceof RangeError) return malformed(id, error.message);
    throw error;
  }
}

function malformed(id: string | null, message: string): Outcome {
  return { id, error: { kind: 'MalformedCase', message } };
}

/** Throws a RangeError for a type, value or list item that is none. */
function runCase(input: Case): Outcome {
  const { id, expr, mode } = input;
  const scheme = caseScheme(input);
  const limits = caseLimits(input);
  if (mode === 'value') {
    const parsed = parse(expr, limits);
    const checked = parsed.ok ? checkValueExpression(parsed.ast, scheme, limits) : parsed;
    return checked.ok ? { id, valid: true, ast: valueJson(checked.value) } : invalid(id, expr, checked.diagnostics);
  }
  const read = readExpression(expr, scheme, limits);
  if (!read.ok) return invalid(id, expr, read.diagnostics);
  const valid = { id, valid: true, ast: expressionJson(read.expression) };
  if (input.context === undefined) return valid;
  try {
    return { ...valid, result: execute(read.expression, caseContext(input, scheme)) };
  } catch (error) {
    if (!(error instanceof MissingFieldError)) throw error;
    return { ...valid, error: { kind: 'MissingField', message: error.message } };
  }
}

function invalid(id: string, source: string, diagnostics: readonly Diagnostic[]): Outcome {
  const [first] = diagnostics;
  if (first === undefined) return { id, valid: false };
  const { line, column, length } = positionOf(source, first.span);
  const { kind, message, code, cure } = first;
  return { id, valid: false, error: { kind, line, col: column, span_len: length, message, code, cure } };
}

function caseScheme({ scheme, lists, nil_not_equal }: Case): Scheme {
  const fields = Object.entries(scheme).map(([name, text]): [string, Field] => {
    const optional = text.endsWith('?');
    return [name, { name, type: caseType(optional ? text.slice(0, -1) : text), optional }];
  });
  return {
    fields: new Map(fields),
    functions: new Map([...STANDARD_FUNCTIONS].map(([name, { signature }]) => [name, signature])),
    lists: caseLists(lists).map(({ type }) => ({ type })),
    nilNotEqual: nil_not_equal,
  };
}

function caseLimits({ settings }: Case): Limits {
  const { max_nesting_depth, regex_compiled_size_limit, wildcard_star_limit } = settings;
  return {
    ...ENGINE_LIMITS,
    nesting: Math.min(Number(max_nesting_depth ?? ENGINE_LIMITS.nesting), GREATEST_NESTING),
    regexSize: Number(regex_compiled_size_limit ?? ENGINE_LIMITS.regexSize),
    wildcardStars: wildcard_star_limit === undefined ? undefined : Number(wildcard_star_limit),
  };
}
