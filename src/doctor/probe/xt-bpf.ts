// Commits a rule with the match of a pinned program: needs nft_compat, xt_bpf and the pin.

import { pinnedProgramMatch } from '../../netlink/nftables/expression/xt-bpf-info';
import { type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { scratchPin } from '../scratch-bpffs';
import { inScratchNamespace } from '../scratch-namespace';
import { commitRule } from './nf-tables';

export async function askXtBpf(scratch: Scratch): Promise<Finding> {
  const match = pinnedProgramMatch(scratchPin(scratch));
  try {
    await inScratchNamespace(scratch, 'netfilter', connection => commitRule(connection, 'xt_bpf', match));
    return yes('rules with a pinned program in ip and ip6');
  } catch (error) {
    // ENOENT: no expression "match", or no match "bpf". The pin is there.
    return findingOf(error, ['ENOENT', 'EOPNOTSUPP', 'EPROTONOSUPPORT']);
  }
}
