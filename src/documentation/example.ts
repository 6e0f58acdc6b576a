// The examples of the catalogue, run: each expression goes through the stages until one says its code.

import { compile, compileExpression, DEFAULT_OPTIONS } from '../compile';
import type { CatalogueEntry } from '../diagnostic/catalogue';
import type { Diagnostic } from '../diagnostic/diagnostic';
import { checkValueExpression } from '../language/check/value-expression';
import { readExpression } from '../language/expression';
import { PACKET_LIMITS } from '../language/limits';
import { parse } from '../language/parse';
import { exampleScheme } from './example-scheme';

/** Examples too long for the catalogue. */
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  RF1014: `ip.proto == r${'#'.repeat(256)}"tcp"${'#'.repeat(256)}`,
  RF1019: `${'('.repeat(129)}true${')'.repeat(129)}`,
  RF1020: `true${' or true'.repeat(600)}`,
};

const LIMITS = { ...PACKET_LIMITS, wildcardStars: 2 };

export interface Example {
  readonly expression: string;
  /** undefined where the example does not show its code. */
  readonly found: Diagnostic | undefined;
}

export function runExample({ code, example }: Pick<CatalogueEntry, 'code' | 'example'>): Example {
  const expression = WRITTEN_OUT[code] ?? example;
  const stages = [condition, value, packets, nftables];
  const found = stages.flatMap(stage => stage(expression)).find(each => each.code === code);
  return { expression, found };
}

function condition(expression: string): readonly Diagnostic[] {
  const read = readExpression(expression, exampleScheme(), LIMITS);
  return read.ok ? read.warnings : read.diagnostics;
}

function value(expression: string): readonly Diagnostic[] {
  const parsed = parse(expression, LIMITS);
  const checked = parsed.ok ? checkValueExpression(parsed.ast, exampleScheme(), LIMITS) : parsed;
  return checked.ok ? [] : checked.diagnostics;
}

function packets(expression: string): readonly Diagnostic[] {
  const compiled = compileExpression(expression, undefined);
  return compiled.ok ? compiled.value.warnings : compiled.diagnostics;
}

function nftables(expression: string): readonly Diagnostic[] {
  const rule = { index: 1, ref: '1', action: 'block', enabled: true, expression } as const;
  const options = { ...DEFAULT_OPTIONS, choice: 'nft' } as const;
  const compiled = compile({ account: 'example', lists: new Map(), rules: [rule] }, options);
  return compiled.ok ? [] : compiled.refused.flatMap(({ diagnostics }) => diagnostics);
}
