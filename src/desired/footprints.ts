// Keeps the store's footprints true: widened before the agent puts anything anywhere, and narrowed when it is in force.

import { isDeepStrictEqual } from 'node:util';
import type { Desired } from '../agent/desired';
import type { Store } from '../store/store';

export class Footprints {
  /** What the agent was told last, by account. */
  readonly #told = new Map<string, Pick<Desired, 'account' | 'version'>>();

  constructor(
    readonly store: Store,
    first: readonly Desired[],
  ) {
    for (const { account, version } of first) this.#told.set(account.account, { account, version });
  }

  /** Before the agent is told. */
  async widen({ account, version }: Desired): Promise<void> {
    const { account: id, namespace } = account;
    this.#told.set(id, { account, version });
    if (namespace.kind === 'own') return;
    const footprint = (await this.store.footprint(id)) ?? { namespaces: [] };
    if (footprint.namespaces.some(each => isDeepStrictEqual(each, namespace))) return;
    await this.store.putFootprint(id, { ...footprint, namespaces: [...footprint.namespaces, namespace] });
  }

  async narrow(account: string, inForce: number): Promise<void> {
    const told = this.#told.get(account);
    // What was in force before, while the one that is desired is refused: that is known already.
    if (told?.version !== inForce) return;
    const footprint = { inForce, namespaces: [told.account.namespace] };
    if (!isDeepStrictEqual(await this.store.footprint(account), footprint))
      await this.store.putFootprint(account, footprint);
  }

  forget(account: string): void {
    this.#told.delete(account);
  }
}
