// How everything of ours is called, so that it is known again by name and alias alone. A realm keeps two agents on one
// machine apart. Links bear their account in IFLA_IFALIAS; a namespace of ours bears it on its loopback device.

import { createHash } from 'node:crypto';

/** RTPROT_* of our routes and of nobody else's: the kernel's list (linux/rtnetlink.h) and FRR's have no 82. */
export const RTPROT_RAMPART = 82;

/** The account's end of the link to the host, in the account's namespace. */
export const UPLINK = 'uplink';

/** Holds what the network needs of nf_tables, beside the table of the rules: MSS, and what comes out of tunnels. */
export const NETWORK_TABLE = 'rampart_network';

export interface Names {
  /** `[a-z0-9-]{1,32}`. */
  readonly realm: string;
}

export interface LinkAlias {
  readonly account: string;
  /** UPLINK, the name of a tunnel, or 'lo' of a namespace of ours. */
  readonly link: string;
}

export const DEFAULT_REALM = 'rampart';

export function isRealm(text: string): boolean {
  return /^[a-z0-9-]{1,32}$/.test(text);
}

export function namespaceName({ realm }: Names, account: string): string {
  return `${realm}-${account}`;
}

/** The host's end of the link to the account. */
export function hostLinkName({ realm }: Names, account: string): string {
  return hashedName(realm, account, 'uplink');
}

/** A tunnel device before it is moved into the account's namespace. */
export function unmovedTunnelName({ realm }: Names, account: string, tunnel: string): string {
  return hashedName(realm, account, `tunnel/${tunnel}`);
}

/** Whether a link is one of those above: what the kernel has made and a killed run has not given its alias. */
export function isUnmarked({ realm }: Names, account: string, link: { name: string; alias?: string }): boolean {
  return link.alias === undefined && link.name.length === 15 && link.name.startsWith(hashedBeginning(realm, account));
}

export function printAlias({ realm }: Names, { account, link }: LinkAlias): string {
  return `rampart realm=${realm} account=${account} link=${link}`;
}

/** undefined for what is not of this realm. */
export function parseAlias({ realm }: Names, alias: string | undefined): LinkAlias | undefined {
  const [, of, account, link] = ALIAS.exec(alias ?? '') ?? [];
  return of === realm && account !== undefined && link !== undefined ? { account, link } : undefined;
}

/** A locally administered link-layer address: one for each end of each account's links. */
export function linkAddress({ realm }: Names, account: string, end: string): string {
  const hash = hexOf(`${realm}/${account}/${end}`);
  return ['02', ...(hash.slice(0, 10).match(/../g) ?? [])].join(':');
}

const ALIAS = /^rampart realm=([a-z0-9-]+) account=([A-Za-z0-9_.:-]+) link=([a-z0-9_-]+)$/;

/** 15 bytes, as many as the kernel takes: 24 bits for the account, 28 for the link. */
function hashedName(realm: string, account: string, link: string): string {
  return `${hashedBeginning(realm, account)}${hexOf(`${realm}/${account}/${link}`).slice(0, 7)}`;
}

function hashedBeginning(realm: string, account: string): string {
  return `rp${hexOf(`${realm}/${account}`).slice(0, 6)}`;
}

function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
