// The rulesets that rows measure: ClassBench's files where they lie beside the project, others of their kind where not.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SHARED } from '../place';
import { generateRules } from './generate';
import { type RangeRule, readRulesFile } from './rules-file';

export interface KnownRuleset {
  readonly label: string;
  readonly rules: readonly RangeRule[];
}

const KINDS = ['fw1', 'acl1', 'ipc1'] as const;

export type Size = '1k' | '8k';

export function knownRulesets(size: Size): readonly KnownRuleset[] {
  return KINDS.map(kind => knownRuleset(`${kind}_${size}`, size));
}

function knownRuleset(name: string, size: Size): KnownRuleset {
  const file = join(SHARED, 'classbench', `${name}.rules.gz`);
  if (existsSync(file)) return { label: name, rules: readRulesFile(file) };
  const seed = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  return { label: `made like ${name}`, rules: generateRules(size === '1k' ? 1000 : 8000, seed) };
}
