// The generation of a namespace's ruleset, asked of the kernel.

import { invariant } from '../diagnostic/invariant';
import type { Connection } from '../netlink/connection';
import { decodeGeneration, getGeneration } from '../netlink/nftables/generation';

export async function currentGeneration(connection: Connection): Promise<number> {
  const [answer] = await connection.request(getGeneration());
  invariant(answer !== undefined, 'NFT_MSG_GETGEN has an answer');
  return decodeGeneration(answer).id;
}
