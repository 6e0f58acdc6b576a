// The functions of expressions over any scheme. (bit_slice is for packets only.)

import { CIDR } from './cidr';
import { CONCAT } from './concat';
import type { FunctionDefinition } from './definition';
import { ECHO } from './echo';
import { ENDS_WITH } from './ends-with';
import { IS_EMPTY } from './is-empty';
import { LEN } from './len';
import { LOWER } from './lower';
import { SPLIT } from './split';
import { STARTS_WITH } from './starts-with';
import { SUBSTRING } from './substring';
import { UPPER } from './upper';

export const STANDARD_FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [CIDR, CONCAT, ECHO, ENDS_WITH, IS_EMPTY, LEN, LOWER, SPLIT, STARTS_WITH, SUBSTRING, UPPER].map(definition => [
    definition.signature.name,
    definition,
  ]),
);
