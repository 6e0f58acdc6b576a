// What everything of an account is called, and how it is known again.

import {
  hostLinkName,
  isRealm,
  linkAddress,
  namespaceName,
  parseAlias,
  printAlias,
  unmovedTunnelName,
} from '../../src/network/names';

const NAMES = { realm: 'rampart' };

test('the namespace is called by realm and account', () => {
  expect(namespaceName(NAMES, 'acme')).toBe('rampart-acme');
});

test('links in the host have names of their own for each realm, account and link, as long as the kernel takes', () => {
  const names = [
    hostLinkName(NAMES, 'acme'),
    hostLinkName(NAMES, 'acme2'),
    hostLinkName({ realm: 'other' }, 'acme'),
    unmovedTunnelName(NAMES, 'acme', 'fra1'),
    unmovedTunnelName(NAMES, 'acme', 'uplink'),
  ];
  expect(new Set(names).size).toBe(5);
  // rp, six digits of `printf rampart/acme | sha256sum`, seven of rampart/acme/uplink
  expect(names[0]).toBe('rpb3758305bdd74');
  for (const name of names) expect(name).toMatch(/^rp[0-9a-f]{13}$/);
});

test('link-layer addresses are locally administered and of one machine', () => {
  // Of the first octet bit 0 is multicast, bit 1 locally administered.
  expect(linkAddress(NAMES, 'acme', 'host')).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  expect(linkAddress(NAMES, 'acme', 'host')).not.toBe(linkAddress(NAMES, 'acme', 'account'));
});

test.each([
  ['ours', 'rampart realm=rampart account=a.b:c_d-1 link=fra_1-x', { account: 'a.b:c_d-1', link: 'fra_1-x' }],
  ["another realm's", 'rampart realm=rampart-2 account=acme link=fra1', undefined],
  ['of a realm that begins as ours', 'rampart realm=rampart2 account=acme link=fra1', undefined],
  ["somebody's own", 'uplink to the Internet', undefined],
  ['with something behind it', 'rampart realm=rampart account=acme link=fra1 ', undefined],
  ['none', undefined, undefined],
])('an alias is read: %s', (_, alias, link) => {
  expect(parseAlias(NAMES, alias)).toEqual(link);
});

test('an alias is written as it is read', () => {
  expect(printAlias(NAMES, { account: 'acme', link: 'uplink' })).toBe('rampart realm=rampart account=acme link=uplink');
});

test.each([
  ['rampart', true],
  ['a-1', true],
  ['', false],
  ['Rampart', false],
  ['a.b', false],
  ['a'.repeat(32), true],
  ['a'.repeat(33), false],
])('whether %j is a realm', (text, is) => {
  expect(isRealm(text)).toBe(is);
});
