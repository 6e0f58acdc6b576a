// Bytes of the fixed network header are in every packet of the family. There a negated test is the test of the
// complement, and a test of every value holds.

import { complement, isUniverse } from '../../net/interval-set';
import type { PacketFamily } from '../../packet/packet';
import { FALSE, type Formula, loadBits, type Test, TRUE } from '../formula';
import { rebuild } from './rewrite';

const FIXED_HEADER: Readonly<Record<PacketFamily, number>> = { ip: 20, ip6: 40 };

export function settlePresent(formula: Formula, family: PacketFamily): Formula {
  return rebuild(formula, node => {
    if (node.kind === 'test' && isAlwaysPresent(node, family)) return settle(node);
    if (node.kind === 'not' && node.operand.kind === 'test' && isAlwaysPresent(node.operand, family)) {
      return settle(negated(node.operand));
    }
    return node;
  });
}

/** The test that holds where the bytes are there and this one does not. */
export function negated(test: Test): Test {
  return { kind: 'test', load: test.load, mask: test.mask, values: complement(test.values, loadBits(test.load)) };
}

function settle(test: Test): Formula {
  if (test.values.length === 0) return FALSE;
  return test.mask === undefined && isUniverse(test.values, loadBits(test.load)) ? TRUE : test;
}

function isAlwaysPresent({ load, list }: Test, family: PacketFamily): boolean {
  if (list !== undefined) return false;
  if (load.kind === 'length') return load.segment === 'network';
  if (load.kind === 'l4proto') return family === 'ip';
  if (load.kind === 'in_iface') return false;
  return load.segment === 'network' && load.from === 'start' && load.offset + load.length <= FIXED_HEADER[family];
}
