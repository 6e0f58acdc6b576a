// Commits a rule that logs to a netlink group: needs nft_log and nfnetlink_log.

import { type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { inScratchNamespace } from '../scratch-namespace';
import { commitRule } from './nf-tables';

export async function askNflog(scratch: Scratch): Promise<Finding> {
  try {
    await inScratchNamespace(scratch, 'netfilter', connection =>
      commitRule(connection, 'nflog', { kind: 'log', group: 5 }),
    );
    return yes('log rules in ip and ip6');
  } catch (error) {
    // ENOENT: no expression "log", or no logger of that kind.
    return findingOf(error, ['ENOENT', 'EOPNOTSUPP', 'EPROTONOSUPPORT']);
  }
}
