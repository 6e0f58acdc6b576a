// The table that tells what became of a frame: one chain before the policy's and one behind it. The first counts frames
// that reached the hook, lets nothing through that we did not send, and counts fences: packets sent behind each frame, so
// that a counted fence proves the frame before it to be done with. The second counts what the policy let pass.

import type { BatchOperation } from '../netlink/nftables/batch-operation';
import type { Expression } from '../netlink/nftables/expression/expression';
import { NFT_REG_1 } from '../netlink/nftables/expression/register';
import type { ListedRule } from '../netlink/nftables/rule';
import { commentUserdata } from '../netlink/nftables/userdata';
import { commentOf } from '../reconcile/description';

export const GAUGE = 'rampart_gauge';
const TABLE = { family: 'inet', table: GAUGE } as const;
/** Around the policy's chain at raw (-300). */
const BEFORE = -310;
const BEHIND = -290;
const ETHERNET_SOURCE = { offset: 6, length: 6 };

export interface Reading {
  readonly fences: bigint;
  readonly seen: bigint;
  readonly passed: bigint;
}

/** Frames come from one Ethernet address, fences from the other; whatever comes from a third is the kernel's own. */
export function gaugeOperations(frameSource: Uint8Array, fenceSource: Uint8Array): BatchOperation[] {
  return [
    { operation: 'create', object: { kind: 'table', family: TABLE.family, name: GAUGE } },
    addChain('before', BEFORE),
    addChain('behind', BEHIND),
    addRule('before', 'fences', [...sourceIs('eq', fenceSource), COUNT, DROP]),
    addRule('before', 'noise', [...sourceIs('neq', frameSource), DROP]),
    addRule('before', 'seen', [COUNT]),
    addRule('behind', 'passed', [COUNT, DROP]),
  ];
}

export function readGauge(rules: readonly ListedRule[]): Reading {
  const counts = new Map(rules.filter(({ table }) => table === GAUGE).map(rule => [commentOf(rule), packets(rule)]));
  return {
    fences: counts.get('fences') ?? 0n,
    seen: counts.get('seen') ?? 0n,
    passed: counts.get('passed') ?? 0n,
  };
}

const COUNT: Expression = { kind: 'counter' };
const DROP: Expression = { kind: 'verdict', verdict: { code: 'drop' } };

function sourceIs(operator: 'eq' | 'neq', source: Uint8Array): Expression[] {
  return [
    { kind: 'payload', base: 'link', ...ETHERNET_SOURCE, destination: NFT_REG_1 },
    { kind: 'cmp', source: NFT_REG_1, operator, value: source },
  ];
}

function addChain(name: string, priority: number): BatchOperation {
  const base = { type: 'filter', hook: 'prerouting', priority, policy: 'accept' } as const;
  return { operation: 'add', object: { kind: 'chain', ...TABLE, name, base } };
}

function addRule(chain: string, comment: string, expressions: readonly Expression[]): BatchOperation {
  return {
    operation: 'add',
    object: { kind: 'rule', ...TABLE, chain, expressions, userdata: commentUserdata(comment) },
  };
}

function packets({ expressions }: ListedRule): bigint {
  const counter = expressions.find(expression => expression.kind === 'counter');
  return counter?.packets ?? 0n;
}
