// A formula as one line of text: equal for equal formulas and for no others. For hashing; print.ts is for people.

import type { IntervalSet } from '../net/interval-set';
import type { Formula, Load, Test } from './formula';

export function formulaText(formula: Formula): string {
  switch (formula.kind) {
    case 'constant':
      return formula.value ? '1' : '0';
    case 'test':
      return testText(formula);
    case 'scan':
      return `scan(${formula.segment} ${JSON.stringify(formula.description)})`;
    case 'not':
      return `not(${formulaText(formula.operand)})`;
    case 'and':
    case 'or':
    case 'xor': {
      let text = '';
      for (const operand of formula.operands) text += `${formulaText(operand)};`;
      return `${formula.kind}(${text})`;
    }
  }
}

/** The list's name too: it names the kernel's set. */
function testText({ load, mask, values, list }: Test): string {
  const masked = mask === undefined ? '' : `&${hex(mask)}`;
  if (list === undefined) return `${loadText(load)}${masked}${valuesText(values)}`;
  // All tests of a list have its values in common.
  const text = LISTS.get(values) ?? valuesText(values);
  LISTS.set(values, text);
  return `${loadText(load)}${masked}$${list}${text}`;
}

const LISTS = new WeakMap<IntervalSet, string>();

function valuesText(values: IntervalSet): string {
  let text = '';
  for (const { from, to } of values) text += from === to ? ` ${hex(from)}` : ` ${hex(from)}-${hex(to)}`;
  return text;
}

function loadText(load: Load): string {
  switch (load.kind) {
    case 'bytes':
      return `${load.segment} ${load.from} ${load.offset} ${load.length}${load.plus === undefined ? '' : `+${load.plus}`}`;
    case 'length':
      return `length ${load.segment}`;
    default:
      return load.kind;
  }
}

function hex(value: bigint): string {
  return value.toString(16);
}
