// Foreign changes of our tables in one namespace, as the kernel tells of them: a transaction that touched one of them, and
// who committed it. Transactions of our own socket are none, and what others do in their own tables is not our matter.

import { TABLE } from '../backend/nft/compile-table';
import type { Message } from '../netlink/message';
import type { Generation } from '../netlink/nftables/generation';
import { notifiedTable } from '../netlink/nftables/notification';
import { type Subscription, subscribe } from '../netlink/subscription';
import { openIn } from '../netns/socket';
import type { Target } from '../reconcile/target';
import type { Author } from './account-status';
import type { Sign } from './sign';

/** Throws NamespaceError. The namespace lives until the subscription is closed; `isOwn` knows the ports of our sockets. */
export function watchRules(
  { namespace }: Target,
  receiveBuffer: number,
  isOwn: (portId: number) => boolean,
  on: (sign: Sign) => void,
): Subscription {
  let touched = false;
  const open = (place: { readonly netns?: string }) =>
    subscribe({ ...place, protocol: 'netfilter', groups: ['nftables'], receiveBuffer }, event => {
      switch (event.kind) {
        case 'lost':
          return on(event);
        case 'ruleset':
          touched ||= !isOwn(event.message.portId) && isOurs(event.message);
          return;
        case 'generation':
          if (touched) on({ kind: 'foreign_commit', by: authorOf(event.generation) });
          touched = false;
      }
    });
  return namespace === undefined ? open({}) : openIn(namespace, netns => open({ netns }));
}

function isOurs(message: Message): boolean {
  const table = notifiedTable(message);
  return table === undefined || table === TABLE || table.startsWith(`${TABLE}_`);
}

function authorOf({ processId, processName }: Generation): Author | undefined {
  return processId === undefined || processName === undefined ? undefined : { processId, processName };
}
