// Commits tables with a base chain in the families that Rampart uses.

import type { Connection } from '../../netlink/connection';
import { encodeBatch } from '../../netlink/nftables/batch';
import type { BatchOperation } from '../../netlink/nftables/batch-operation';
import type { Expression } from '../../netlink/nftables/expression/expression';
import { type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { inScratchNamespace } from '../scratch-namespace';

const FAMILIES = ['ip', 'ip6'] as const;

export async function askNfTables(scratch: Scratch): Promise<Finding> {
  try {
    await inScratchNamespace(scratch, 'netfilter', connection => commitRule(connection, 'nf_tables', undefined));
    return yes(`base chains in ${FAMILIES.join(' and ')}`);
  } catch (error) {
    // Without the subsystem the socket or the batch is refused; without a family or a hook, the table or the chain.
    return findingOf(error, ['EPROTONOSUPPORT', 'EOPNOTSUPP', 'EAFNOSUPPORT', 'ENOENT']);
  }
}

/** `nft add table`, `add chain … { type filter hook prerouting priority raw; }` and `add rule`, in both families. */
export function commitRule(connection: Connection, table: string, expression: Expression | undefined): Promise<void> {
  const operations = FAMILIES.flatMap((family): BatchOperation[] => [
    { operation: 'add', object: { kind: 'table', family, name: table } },
    {
      operation: 'add',
      object: {
        kind: 'chain',
        family,
        table,
        name: 'c',
        base: { type: 'filter', hook: 'prerouting', priority: -300, policy: 'accept' },
      },
    },
    ...ruleOf(family, table, expression),
  ]);
  return connection.commit(encodeBatch(operations));
}

function ruleOf(family: 'ip' | 'ip6', table: string, expression: Expression | undefined): BatchOperation[] {
  if (expression === undefined) return [];
  return [{ operation: 'add', object: { kind: 'rule', family, table, chain: 'c', expressions: [expression] } }];
}
