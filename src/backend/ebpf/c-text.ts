// A formula as the C text of one socket filter: a function for each test, then the formula itself in C's operators,
// which are short-circuiting like the language's. Equal formulas give equal text; the text's hash is the program's name.

import type { Formula } from '../../ir/formula';
import type { PacketFamily } from '../../packet/packet';
import { printConditions } from './conditions';

/** Hash of bpf/include/rampart, so that programs get new names when the headers change; a test says when it is old. */
export const HEADERS = '53e57766bd084284';
export const FIRST_LINE = '/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */';
export const LICENSE = 'char LICENSE[] SEC("license") = "GPL";';

export function printProgram(formula: Formula, family: PacketFamily): string {
  const { includes, definitions, conditions } = printConditions([formula], '&packet');
  return [
    FIRST_LINE,
    '/* Written by rampart from one rule formula; the file name is the hash of this text. */',
    `/* headers ${HEADERS} */`,
    ...includes,
    '',
    ...definitions,
    'SEC("socket")',
    'int rampart(struct __sk_buff *skb)',
    '{',
    '\tstruct packet packet = {};',
    '',
    `\tif (!dissect_${family}(skb, &packet))`,
    '\t\treturn 0;',
    `\treturn ${conditions[0]};`,
    '}',
    '',
    LICENSE,
    '',
  ].join('\n');
}
