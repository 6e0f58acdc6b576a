// Prefixes that the host cannot route into an account, and those that lie in each other.

import { containsPrefix, type Prefix, printPrefix } from '../net/prefix';
import { documentProblem } from './document-problem';
import type { Placed } from './placed';
import type { PolicyDocument } from './policy-document';
import type { PolicyProblem } from './policy-problem';
import { unroutable } from './unroutable';

export function prefixProblems(document: PolicyDocument, prefixes: readonly Placed<Prefix>[]): PolicyProblem[] {
  return [...unroutablePrefixes(document, prefixes), ...overlaps(document, prefixes)];
}

function unroutablePrefixes(document: PolicyDocument, prefixes: readonly Placed<Prefix>[]): PolicyProblem[] {
  return prefixes.flatMap(({ position, value }) => {
    const what = value.length === 0 ? 'everything' : unroutable(value.network);
    if (what === undefined) return [];
    return [
      documentProblem(document, ['prefixes', position], 'policy.value', {
        message: `${printPrefix(value)} is ${what}, which the host cannot route to one account`,
        cure: 'name the prefixes that belong to the account',
      }),
    ];
  });
}

function overlaps(document: PolicyDocument, prefixes: readonly Placed<Prefix>[]): PolicyProblem[] {
  const seen: Prefix[] = [];
  return prefixes.flatMap(({ position, value }) => {
    const other = seen.find(each => containsPrefix(each, value) || containsPrefix(value, each));
    seen.push(value);
    if (other === undefined) return [];
    return [
      documentProblem(document, ['prefixes', position], 'policy.conflict', {
        message: `${printPrefix(value)} and ${printPrefix(other)} have addresses in common`,
        cure: 'keep the longer of the two alone, or neither twice',
      }),
    ];
  });
}
