// What the shape of a policy file cannot say: limits over the whole of it, refs that name one rule only, parameters that
// go with an action. It looks at the raw value, part by part, so that it also speaks of a file whose shape is wrong.

import { documentProblem } from './document-problem';
import type { PolicyDocument } from './policy-document';
import type { PolicyLimits } from './policy-limits';
import { type Path, type PolicyProblem, pointer } from './policy-problem';
import { effectiveRef } from './rule-ref';

type Mapping = Readonly<Record<string, unknown>>;

export function crossProblems(document: PolicyDocument, limits: PolicyLimits): PolicyProblem[] {
  const { lists, rules } = isMapping(document.value) ? document.value : {};
  const ruleValues = Array.isArray(rules) ? rules : [];
  const listValues = isMapping(lists) ? lists : {};
  return [
    ...badListNames(document, Object.keys(listValues)),
    ...tooManyRules(document, ruleValues.length, limits.rules),
    ...tooManyEntries(document, listValues, limits.listEntries),
    ...repeatedRefs(document, ruleValues),
    ...ruleValues.flatMap((rule, index) => (isMapping(rule) ? misplacedParameters(document, rule, index) : [])),
  ];
}

function badListNames(document: PolicyDocument, names: readonly string[]): PolicyProblem[] {
  return names
    .filter(name => !/^[a-z0-9_]{1,50}$/.test(name))
    .map(name => ({
      code: 'policy.value',
      path: pointer(['lists', name]),
      ...document.keyPlaceOf(['lists', name]),
      message: `"${name}" is no list name`,
      cure: 'a list is named by 1 to 50 of a-z, 0-9 and _',
    }));
}

function tooManyRules(document: PolicyDocument, count: number, limit: number): PolicyProblem[] {
  if (count <= limit) return [];
  return [
    documentProblem(document, ['rules', limit], 'policy.limit', {
      message: `${count} rules, and an account may have ${limit}`,
      cure: 'remove rules from here on, merge them with "or", or have the limit raised',
    }),
  ];
}

function tooManyEntries(document: PolicyDocument, lists: Mapping, limit: number): PolicyProblem[] {
  let count = 0;
  let firstOver: Path | undefined;
  for (const [name, items] of Object.entries(lists)) {
    const length = Array.isArray(items) ? items.length : 0;
    if (count <= limit && count + length > limit) firstOver = ['lists', name, limit - count];
    count += length;
  }
  if (firstOver === undefined) return [];
  return [
    documentProblem(document, firstOver, 'policy.limit', {
      message: `${count} entries in all lists together, and an account may have ${limit}`,
      cure: 'remove entries from here on, merge them into prefixes, or have the limit raised',
    }),
  ];
}

/** A rule without a ref goes by its index, so that index cannot be the ref of another rule. */
function repeatedRefs(document: PolicyDocument, rules: readonly unknown[]): PolicyProblem[] {
  const owners = new Map<string, number>();
  const explicit = rules.map(rule => (isMapping(rule) && typeof rule.ref === 'string' ? rule.ref : undefined));
  return explicit.flatMap((ref, position) => {
    const index = position + 1;
    const effective = effectiveRef(ref, index);
    const owner = owners.get(effective);
    if (owner === undefined) {
      owners.set(effective, index);
      return [];
    }
    const how = ref === undefined ? 'has no ref and goes by its number, which is the ref' : `has the ref "${ref}"`;
    return [
      documentProblem(document, ['rules', position, 'ref'], 'policy.duplicate-ref', {
        message: `rule ${index} ${how} of rule ${owner}${ref === undefined ? '' : ' too'}`,
        cure: 'give each rule a ref of its own',
      }),
    ];
  });
}

function misplacedParameters(document: PolicyDocument, rule: Mapping, position: number): PolicyProblem[] {
  const given = rule.action_parameters !== undefined;
  if (rule.action === 'skip' && !given) {
    return [
      documentProblem(document, ['rules', position, 'action'], 'policy.missing', {
        message: 'skip does not say what it skips',
        cure: 'add action_parameters: {ruleset: current}',
      }),
    ];
  }
  if ((rule.action === 'block' || rule.action === 'log') && given) {
    return [
      documentProblem(document, ['rules', position, 'action_parameters'], 'policy.value', {
        message: `${rule.action} takes no action_parameters`,
        cure: 'remove action_parameters, or let the action be skip',
      }),
    ];
  }
  return [];
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
