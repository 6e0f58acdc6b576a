// What the shape of a document's network parts cannot say: what goes together and what does not. It takes the raw value
// apart, so that it also speaks of what is well formed in a document that is not.

import type { z } from 'zod';
import { documentProblem } from './document-problem';
import { prefixSchema, routeSchema, tunnelSchema } from './network-schema';
import type { Placed } from './placed';
import type { PolicyDocument } from './policy-document';
import type { PolicyLimits } from './policy-limits';
import type { PolicyProblem } from './policy-problem';
import { prefixProblems } from './prefix-check';
import { routeProblems } from './route-check';
import { tunnelProblems } from './tunnel-check';

export function networkProblems(document: PolicyDocument, limits: PolicyLimits): PolicyProblem[] {
  const tooMany = (['prefixes', 'tunnels', 'routes'] as const).flatMap(key => overLimit(document, key, limits[key]));
  if (tooMany.length > 0) return tooMany;
  const prefixes = wellFormed(document, 'prefixes', prefixSchema);
  const tunnels = wellFormed(document, 'tunnels', tunnelSchema);
  const routes = wellFormed(document, 'routes', routeSchema);
  return [
    ...prefixProblems(document, prefixes),
    ...tunnelProblems(document, tunnels, isOnHost(document) ? [] : prefixes.map(({ value }) => value)),
    ...routeProblems(document, routes, tunnels, namesOf(document)),
  ];
}

function wellFormed<Schema extends z.ZodType>(
  document: PolicyDocument,
  key: string,
  schema: Schema,
): readonly Placed<z.output<Schema>>[] {
  return listAt(document, key).flatMap((raw, position) => {
    const reading = schema.safeParse(raw);
    return reading.success ? [{ position, value: reading.data }] : [];
  });
}

function overLimit(document: PolicyDocument, key: 'prefixes' | 'tunnels' | 'routes', limit: number): PolicyProblem[] {
  const count = listAt(document, key).length;
  if (count <= limit) return [];
  return [
    documentProblem(document, [key, limit], 'policy.limit', {
      message: `${count} ${key}, and an account may have ${limit}`,
      cure: 'remove what is too much, or have the limit raised',
    }),
  ];
}

/** There nothing is routed to it. */
function isOnHost({ value }: PolicyDocument): boolean {
  return isMapping(value) && value.namespace === 'host';
}

/** Of all tunnels, those with faults included: a route to one of them is not at fault. */
function namesOf(document: PolicyDocument): readonly string[] {
  return listAt(document, 'tunnels').flatMap(raw => {
    const name = isMapping(raw) ? raw.name : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

function listAt({ value }: PolicyDocument, key: string): readonly unknown[] {
  const list = isMapping(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
