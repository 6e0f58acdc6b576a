// Policies as lines: an action, then the expression. `off` before the action is a disabled rule.

import type { WrittenRule } from '../packet/rules';

export function rulesOf(lines: readonly string[]): WrittenRule[] {
  return lines.map(line => {
    const [, off, action, expression] = /^(off )?(block|skip|log) (.*)$/.exec(line) ?? [];
    if (expression === undefined) throw new Error(`${line} is no rule`);
    return { action: action as WrittenRule['action'], expression, enabled: off === undefined };
  });
}

/** `line` for each number of 1 to `count`, which stands in it for `#`. */
export function times(count: number, line: string): string[] {
  return Array.from({ length: count }, (_, index) => line.replaceAll('#', String(index + 1)));
}
