// Flags as they stand in a pattern: (?i-m) and (?i-m:…).

import type { Flags } from './flags';
import type { Pattern } from './pattern';

const NAMES: ReadonlyMap<string, keyof Flags | 'ungreedy'> = new Map([
  ['i', 'ignoreCase'],
  ['m', 'multiLine'],
  ['s', 'dotAll'],
  ['u', 'unicode'],
  ['x', 'verbose'],
  // Which match is found matters to nobody who only asks whether there is one.
  ['U', 'ungreedy'],
]);

/** After `(?`, up to and not including `)` or `:`. */
export function readFlags(pattern: Pattern, flags: Flags): Flags {
  let read = flags;
  let on = true;
  const seen = new Set<string>();
  const start = pattern.position;
  while (pattern.peek() !== ')' && pattern.peek() !== ':') {
    const char = pattern.peek();
    if (pattern.ended) pattern.fail('unexpected eof (expected flag)', start - 2);
    if (char === 'R') pattern.fail('CRLF mode is not supported');
    if (char === '-') {
      if (!on) pattern.fail('flag negation operator repeated');
      on = false;
    } else {
      const name = NAMES.get(char);
      if (name === undefined) pattern.fail('unrecognized flag');
      if (seen.has(char)) pattern.fail('duplicate flag');
      seen.add(char);
      if (name !== 'ungreedy') read = { ...read, [name]: on };
    }
    pattern.next();
  }
  if (!on && pattern.peek(-1) === '-') pattern.fail('dangling flag negation operator', pattern.position - 1);
  if (seen.size === 0 && pattern.peek() === ')') pattern.fail('repetition operator missing expression', start - 1);
  return read;
}
