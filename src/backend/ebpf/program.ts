// A socket filter to be: its C text and the name that the text's hash gives it. Rules and accounts that need the same
// program share it by this name, in the object cache as among the pins.

import { createHash } from 'node:crypto';
import type { Formula } from '../../ir/formula';
import type { PacketFamily } from '../../packet/packet';
import { printProgram } from './c-text';

export interface Program {
  /** 32 hexadecimal digits. */
  readonly name: string;
  readonly text: string;
  /** Compiled for verifiers that do not take every order of blocks. */
  readonly blocksInOrder?: boolean;
}

export function programFor(formula: Formula, family: PacketFamily): Program {
  return programOf(printProgram(formula, family));
}

export function programOf(text: string): Program {
  return { name: createHash('sha256').update(text).digest('hex').slice(0, 32), text };
}
