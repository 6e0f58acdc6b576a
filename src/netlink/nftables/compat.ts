// nft_compat, the expression that runs iptables' matches in nft rules, and its own small netlink subsystem, by which
// iptables-nft asks for the revisions of a match (linux/netfilter/nf_tables_compat.h).

import { encodeMessage, NLM_F_ACK, type Request } from '../message';
import { FAMILIES, NFGENMSG } from './nfgenmsg';

const NFNL_SUBSYS_NFT_COMPAT = 11;
const NFNL_MSG_COMPAT_GET = 0;
const NFTA_COMPAT_NAME = 1;
const NFTA_COMPAT_REV = 2;
const NFTA_COMPAT_TYPE = 3;
const TYPE_MATCH = 0;

/** Is there such a match? ENOENT: nft_compat is there, the match is not. EINVAL: there is no nft_compat. */
export function getMatchRevision(name: string, revision: number): Request {
  const bytes = encodeMessage((NFNL_SUBSYS_NFT_COMPAT << 8) | NFNL_MSG_COMPAT_GET, NLM_F_ACK, writer => {
    writer.setU8(writer.reserve(NFGENMSG), FAMILIES.code('ip'));
    writer.string(NFTA_COMPAT_NAME, name);
    writer.u32be(NFTA_COMPAT_REV, revision);
    writer.u32be(NFTA_COMPAT_TYPE, TYPE_MATCH);
  });
  return { operation: 'get match', subject: `${name} revision ${revision}`, bytes };
}
