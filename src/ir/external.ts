// Conditions on what no packet holds. What the host says of itself is known before any packet comes: such a condition is
// constant. Where something is missing the rule is refused: one that silently never matches would let pass what it names.

import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic';
import type { Span } from '../diagnostic/span';
import { EXTERNAL_DATA, type ExternalData } from '../language/field/external-data';
import { holdsOf } from '../language/field/known-value';
import type { Comparison, Truth } from '../language/typed-ast';
import { FALSE, type Formula, TRUE } from './formula';

/** What a host says of itself. */
export type Site = Readonly<Partial<Record<'colo_name' | 'colo_region', string>>>;

export interface ExternalContext {
  /** undefined: no host is meant. Nothing is missing then, and nothing holds. */
  readonly site: Site | undefined;
  readonly problems: Diagnostic[];
}

/** `condition` asks for the field, or for functions of it, and for no other. */
export function lowerExternal(
  { name, data }: { readonly name: string; readonly data: ExternalData },
  condition: Comparison | Truth,
  { site, problems }: ExternalContext,
): Formula {
  if (site === undefined) return FALSE;
  const value = data === 'colo_name' || data === 'colo_region' ? site[data] : undefined;
  if (value !== undefined) return holdsOf(condition, name, Buffer.from(value)) ? TRUE : FALSE;
  problems.push(missing(name, data, condition.span));
  return FALSE;
}

/** A test on a list that is not the policy's. */
export function lowerManagedList(list: string, span: Span, { site, problems }: ExternalContext): Formula {
  if (site !== undefined) problems.push(missing(`$${list}`, 'managed_list', span));
  return FALSE;
}

function missing(name: string, data: ExternalData, span: Span): Diagnostic {
  const { what, cure } = EXTERNAL_DATA[data];
  return diagnostic('dataMissing', span, { name, what, cure });
}
