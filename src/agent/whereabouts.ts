// Where one account is: the place that is open for it, and the namespaces in which there may be something of it.

import { isDeepStrictEqual } from 'node:util';
import type { Account, AccountNamespace } from '../account/account';
import type { NetworkPlan } from '../network/plan';
import { removeNetwork } from '../network/remove';
import type { Plan } from '../plan';
import type { Target } from '../reconcile/target';
import { refuseTaken } from './namespace-tenant';
import { type PinWatch, watchPins } from './pin-watch';
import { closePlace, isGone, isThere, type Opened, openPlace, type Place, targetOf } from './place';
import { removeAccount } from './remove-account';
import type { Sign } from './sign';
import type { Surroundings } from './surroundings';

export class Whereabouts {
  /** Here or, by an agent before this one, in a namespace of its own. */
  #occupied: readonly AccountNamespace[];
  #place: Place | undefined;
  /** Where the account still is, while another place is open that it is to move to. */
  #before: Place | undefined;
  #pins: PinWatch | undefined;
  #isDeaf = false;

  constructor(
    readonly account: string,
    readonly around: Surroundings,
    occupied: readonly AccountNamespace[],
    readonly on: (sign: Sign) => void,
  ) {
    this.#occupied = occupied;
  }

  get place(): Place | undefined {
    return this.#place;
  }

  targetOf(namespace: AccountNamespace): Target {
    return targetOf(this.around.names, this.around.host.target, this.account, namespace);
  }

  /** Whether that was news. */
  alsoIn(namespaces: readonly AccountNamespace[]): boolean {
    const others = namespaces.filter(each => !this.#occupied.some(known => isDeepStrictEqual(known, each)));
    this.#occupied = [...this.#occupied, ...others];
    return others.length > 0;
  }

  /**
   * The place that is open, if it can still be used. One in another namespace stays open until settle(), and is gone back to
   * where what was to come into force in the new one does not. Rejects with NamespaceTakenError, and as openPlace().
   */
  async open(account: Account, network: NetworkPlan): Promise<Opened> {
    const { namespace } = account;
    const before = this.#place;
    if (before !== undefined && this.#isPlaceFor(account)) return { place: before, changes: [] };
    const isElsewhere = before !== undefined && !isGone(before) && !isDeepStrictEqual(before.namespace, namespace);
    if (!isElsewhere) await this.leave();
    const target = this.targetOf(namespace);
    await refuseTaken(this.account, target, this.around.othersIn(this.account, { namespace, target }));
    this.#isDeaf = false;
    this.alsoIn([account.namespace]);
    const opened = await openPlace(account, network, this.around, sign => {
      this.#isDeaf ||= sign.kind === 'deaf';
      this.on(sign);
    });
    this.#before = isElsewhere ? before : undefined;
    this.#place = opened.place;
    return opened;
  }

  /** The account is where the place is that was opened last. */
  settle(): void {
    if (this.#before !== undefined) closePlace(this.#before);
    this.#before = undefined;
  }

  /** It is still where it was before that. */
  goBack(): void {
    if (this.#before === undefined) return;
    if (this.#place !== undefined) closePlace(this.#place);
    this.#place = this.#before;
    this.#before = undefined;
  }

  /** Of the plan in force in the place that is open. */
  watchPins({ target }: Place, plan: Plan): void {
    this.#pins?.close();
    this.#pins = watchPins(target, plan, () => this.on({ kind: 'foreign_change' }));
  }

  /**
   * A namespace that is gone lives on until it is left, and then unhooks its rules before its links go (nf_tables' pre_exit):
   * packets passed unfiltered, were the link to the host not taken away first.
   */
  async leave(): Promise<void> {
    const { names, host } = this.around;
    if (this.#place === undefined) return;
    const { namespace } = this.#place;
    if (isGone(this.#place)) await removeNetwork(names, { account: this.account, namespace }, host);
    this.close();
  }

  /** All that is the account's, in words; of a place that is gone nothing is left but what `kept` needs too. */
  async removeAllBut(kept: AccountNamespace | undefined): Promise<readonly string[]> {
    const changes: string[] = [];
    for (const namespace of this.#occupied) {
      if (isDeepStrictEqual(namespace, kept) || (kept !== undefined && !isThere(this.targetOf(namespace)))) continue;
      changes.push(...(await removeAccount(this.account, namespace, this.around)));
    }
    this.#occupied = kept === undefined ? [] : [kept];
    return changes;
  }

  /** The kernel goes on filtering and forwarding. */
  close(): void {
    this.#pins?.close();
    this.settle();
    if (this.#place !== undefined) closePlace(this.#place);
    this.#place = undefined;
  }

  #isPlaceFor({ namespace }: Account): boolean {
    const place = this.#place;
    return place !== undefined && isDeepStrictEqual(place.namespace, namespace) && !(this.#isDeaf || isGone(place));
  }
}
