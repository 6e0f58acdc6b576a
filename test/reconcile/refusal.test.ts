// What the kernel refuses of a batch, told by the rules of the policy that its messages had become.

import type { Batch } from '../../src/netlink/nftables/batch';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { refusal } from '../../src/netlink/nftables/batch-error';
import type { BatchOperation } from '../../src/netlink/nftables/batch-operation';
import { ForeignTableError } from '../../src/reconcile/foreign-table-error';
import { MissingPinError } from '../../src/reconcile/missing-pin-error';
import { refusalsOf } from '../../src/reconcile/refusal';
import { tableSpec } from '../../src/reconcile/table-spec';
import { changeTable } from '../../src/reconcile/transaction';
import { planOf } from '../packet/rules';

const PLAN = planOf(
  [
    { ref: 'port', expression: 'udp.dstport == 7000', action: 'block' },
    { ref: 'deep', expression: 'ip.ttl == 1 or ip.len == 40', action: 'block' },
  ],
  { stages: 'linear' },
);
const { operations } = changeTable(tableSpec(PLAN.tables.ip), undefined, 'none', PLAN.keys);
const [ENOENT, ENOMEM, EEXIST] = [2, 12, 17];

test.each<[string, (operation: BatchOperation) => boolean, number, string | undefined, string]>([
  ['a rule', each => each.object.kind === 'rule' && 'comment' in each.object, ENOENT, 'port', 'ENOENT'],
  ['a rule that leads to another one’s chain', leadsToChain, ENOMEM, 'deep', 'ENOMEM'],
  ['a chain that a rule has for itself', each => chainOf(each) === 'rule_2_0', EEXIST, 'deep', 'EEXIST'],
  ['the table', each => each.object.kind === 'table', EEXIST, undefined, 'EEXIST'],
])('%s', (_, isRefused, errno, ref, code) => {
  const batch = encodeBatch(operations);
  const [told, ...others] = refusalsOf(refused(batch, isRefused, errno), PLAN) ?? [];
  expect(told).toEqual({
    ref,
    code,
    message: expect.stringContaining(code),
    cure: expect.stringMatching(/^apply|^free/),
  });
  expect(others).toEqual([]);
});

test('pins that keep going missing are told by the rule that names them', () => {
  const batch = encodeBatch(operations);
  const cause = refused(batch, each => each.object.kind === 'rule' && 'comment' in each.object, ENOENT);
  expect(refusalsOf(new MissingPinError(cause), PLAN)).toEqual([
    {
      ref: 'port',
      code: 'reconcile.missing-pin',
      message: expect.any(String),
      cure: expect.stringContaining('find what'),
    },
  ]);
});

test('a table that is not ours is about no rule', () => {
  expect(refusalsOf(new ForeignTableError('ip', 'rampart'), PLAN)).toEqual([
    { ref: undefined, code: 'reconcile.foreign-table', message: expect.any(String), cure: expect.any(String) },
  ]);
});

test('an error that says nothing of the plan is none', () => {
  expect(refusalsOf(new RangeError('ours'), PLAN)).toBeUndefined();
});

/** As the kernel answers the first message of the kind. */
function refused(batch: Batch, isRefused: (operation: BatchOperation) => boolean, errno: number) {
  const index = batch.operations.findIndex(isRefused);
  const sequence = batch.messages.findIndex(({ operation }) => operation === index) + 2;
  const acknowledgement = { errno };
  const errors = new Map([[sequence, acknowledgement]]);
  return refusal(batch, 1, { errors, echoes: [], lost: false });
}

function leadsToChain({ object }: BatchOperation): boolean {
  return object.kind === 'rule' && 'expressions' in object && object.expressions.some(isJump) && !('comment' in object);
}

function isJump(expression: { readonly kind: string; readonly verdict?: unknown }): boolean {
  return JSON.stringify(expression.verdict ?? '').includes('rule_2_');
}

function chainOf({ object }: BatchOperation): string | undefined {
  return object.kind === 'chain' ? object.name : undefined;
}
