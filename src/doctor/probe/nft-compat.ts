// Asks nft_compat for the match that calls programs; that it answers at all, even with "no such match", is the answer.

import { getMatchRevision } from '../../netlink/nftables/compat';
import { type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { inScratchNamespace } from '../scratch-namespace';

export async function askNftCompat(scratch: Scratch): Promise<Finding> {
  try {
    await inScratchNamespace(scratch, 'netfilter', connection => connection.request(getMatchRevision('bpf', 1)));
    return yes('has the match bpf, revision 1');
  } catch (error) {
    const finding = findingOf(error, ['EINVAL', 'EOPNOTSUPP']);
    const answered = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return answered ? yes('answers, without the match bpf') : finding;
  }
}
