// What differs in an account's network is sent round after round, until nothing does: links first, and what lies on them
// when they are there. Steps are taken one after the other, and each may be the last.

import type { NetworkChange } from './network-change';
import { NetworkError } from './network-error';
import { type Places, sendLayerStep, sendLinkStep } from './send-step';
import { changeOf, isOnLink, type LayerStep, type LinkStep, type Step } from './step';
import { refuseTakenPrefixes } from './taken-prefix';

export interface NetworkDifference {
  readonly links: readonly LinkStep[];
  /** Foreign links at the places of ours. */
  readonly inTheWay: readonly LinkInTheWay[];
  /** What the host no longer routes here goes first, what it begins to comes last. */
  readonly layers: readonly LayerStep[];
  readonly indices: Readonly<Record<'inside' | 'outside', ReadonlyMap<string, number>>>;
}

export interface LinkInTheWay {
  /** In the account's namespace. */
  readonly link: string;
  readonly error: NetworkError;
}

/** 'what can be': what fails does not keep the rest from being done. */
export type How = 'all' | 'what can be';

export interface Settled {
  readonly change: NetworkChange;
  /** The first of what could not be done; never where all had to be. */
  readonly failure?: { readonly error: unknown };
}

/** Made links are read anew, so that what lies on them is added; a few times more where others interfere. */
const PASSES = 6;

/** Rejects with the first failure where all has to be done, and with NetworkError where nothing settles. */
export async function settle(
  account: string,
  how: How,
  placesOf: () => Places,
  read: (places: Places) => Promise<NetworkDifference>,
): Promise<Settled> {
  const sent: Step[] = [];
  const failed = new Map<string, unknown>();
  const attempt = async (steps: readonly Step[], work: () => Promise<void>) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (how === 'all') throw error;
      for (const step of steps) failed.set(textOf(step), error);
      return false;
    }
  };
  for (let pass = 1; pass <= PASSES; pass++) {
    const places = placesOf();
    const { links, layers, indices, inTheWay } = await read(places);
    const [foreign] = inTheWay;
    if (foreign !== undefined && how === 'all') throw foreign.error;
    const isTried = (step: Step) => failed.has(textOf(step));
    const routed = layers.filter(isRoutedHere).filter(step => !isTried(step));
    await attempt(routed, () => refuseTaken(routed, places, indices.outside));
    const untried = links.filter(step => !isTried(step));
    for (const step of untried) if (await attempt([step], () => sendLinkStep(step, places))) sent.push(step);
    if (untried.length > 0) continue;
    const ours = layers.filter(step => !(isTried(step) || inTheWay.some(({ link }) => isOnLink(step, link))));
    if (ours.length === 0) return { change: changeOf(sent), ...failureOf(foreign, failed) };
    for (const step of ours) {
      const { side } = step;
      if (await attempt([step], () => sendLayerStep(step, places[side], indices[side]))) sent.push(step);
    }
  }
  throw unsettled(account, changeOf(sent));
}

function refuseTaken(
  steps: readonly Routing[],
  { outside }: Places,
  indices: ReadonlyMap<string, number>,
): Promise<void> {
  const routes = steps.map(({ route }) => route);
  return refuseTakenPrefixes(outside.connection, routes, new Set(indices.values()));
}

function failureOf(foreign: LinkInTheWay | undefined, failed: ReadonlyMap<string, unknown>): Pick<Settled, 'failure'> {
  if (foreign !== undefined) return { failure: { error: foreign.error } };
  const [error] = failed.values();
  return failed.size === 0 ? {} : { failure: { error } };
}

/** A route of the host to the account. */
type Routing = Extract<LayerStep, { readonly kind: 'add-route' }>;

function isRoutedHere(step: LayerStep): step is Routing {
  return step.kind === 'add-route' && step.side === 'outside';
}

/** Indices are other ones in every round. */
function textOf(step: Step): string {
  const { added, changed, removed } = changeOf([step]);
  return [...added, ...changed, ...removed].join();
}

function unsettled(account: string, { added, changed, removed }: NetworkChange): NetworkError {
  const last = [...added, ...changed, ...removed].slice(-5).join('; ');
  return new NetworkError(
    'network.unsettled',
    `the network of account ${account} is not as planned after ${PASSES} rounds; the last were: ${last}`,
    'something else on this machine changes the same objects; find it and stop it',
  );
}
