// An agent of one test file, in a realm of its own, and what it tells: tests wait for events, never for a time.

import { type Agent, startAgent } from '../../src/agent/agent';
import type { AgentEvent } from '../../src/agent/agent-event';
import { type AgentSettings, DEFAULT_AGENT_SETTINGS } from '../../src/agent/agent-settings';
import type { Desired, Unreadable } from '../../src/agent/desired';
import { DEFAULT_OPTIONS } from '../../src/compile';
import { deleteNamespace, listNamespaces } from '../../src/netns/namespace';
import { destroy } from '../../src/reconcile/destroy';
import { TEST_CACHE } from '../kernel/object-cache';

/** Longer than anything here takes on a busy machine; only a test that fails waits so long. */
const PATIENCE_MS = 30_000;

export interface Watched {
  readonly agent: Agent;
  readonly events: readonly AgentEvent[];
  /** The first event of that kind and account that has not been taken yet; waits for it. */
  next<K extends AgentEvent['kind']>(kind: K, account?: string): Promise<Extract<AgentEvent, { readonly kind: K }>>;
}

export function realmOf(purpose: string): string {
  return `rampart-test-${purpose}-${process.pid}`;
}

export function startWatched(
  realm: string,
  desired: readonly Desired[] = [],
  settings: Partial<AgentSettings> = {},
  unreadable: readonly Unreadable[] = [],
): Watched {
  const events: AgentEvent[] = [];
  const taken = new Set<AgentEvent>();
  let wake = (): void => undefined;
  const agent = startAgent({
    settings: { ...DEFAULT_AGENT_SETTINGS, realm, ...settings },
    compile: DEFAULT_OPTIONS,
    cache: TEST_CACHE,
    desired,
    unreadable,
    tell(event) {
      events.push(event);
      wake();
    },
  });
  const next: Watched['next'] = async (kind, account) => {
    const deadline = setTimeout(() => wake(), PATIENCE_MS);
    for (const start = Date.now(); Date.now() - start < PATIENCE_MS; ) {
      const found = events.find(
        (each): each is Extract<AgentEvent, { readonly kind: typeof kind }> =>
          each.kind === kind &&
          !taken.has(each) &&
          (account === undefined || ('account' in each && each.account === account)),
      );
      if (found !== undefined) {
        taken.add(found);
        clearTimeout(deadline);
        return found;
      }
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
    throw new Error(`no event ${kind} of ${account ?? 'any account'}; there were ${JSON.stringify(events, null, 2)}`);
  };
  return { agent, events, next };
}

/** Whatever a test of that realm left, by exact names. */
export async function removeRealm(realm: string): Promise<void> {
  for (const namespace of listNamespaces().filter(name => name.startsWith(`${realm}-`))) {
    await destroy({ namespace });
    deleteNamespace(namespace);
  }
}
