// Data goes one way, and this is who may know whom: for each folder (or file at the top of src) the folders it may
// import from. A folder always may from itself. A longer path is a narrower permission: backend/nft may use the plain
// data of netlink/nftables and no other part of netlink.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const SRC = join(__dirname, '../../src');

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  diagnostic: [],
  net: [],
  pcap: [],
  native: [],
  'file-lock': ['native'],
  'longest-increasing': [],
  packet: ['diagnostic', 'net'],
  language: ['diagnostic', 'net', 'packet'],
  account: ['diagnostic', 'net'],
  ir: ['diagnostic', 'net', 'packet', 'language'],
  analysis: ['diagnostic', 'longest-increasing', 'net', 'packet', 'ir'],
  classifier: ['diagnostic', 'net', 'packet', 'ir'],
  'backend/ebpf': ['diagnostic', 'net', 'packet', 'ir', 'classifier'],
  stage: ['net', 'packet', 'ir'],
  'backend/nft': ['diagnostic', 'net', 'packet', 'ir', 'stage', 'netlink/nftables', 'longest-increasing'],
  plan: ['packet', 'ir', 'stage', 'classifier', 'backend'],
  'plan-version': ['ir'],
  'expression-cache': ['diagnostic', 'ir'],
  'compile-plan': ['packet', 'ir', 'classifier', 'stage', 'backend', 'plan', 'plan-version'],
  'plan-change': ['net', 'packet', 'ir', 'classifier', 'stage', 'backend', 'plan', 'plan-version', 'compile-plan'],
  compile: ['diagnostic', 'packet', 'language', 'ir', 'plan', 'expression-cache', 'compile-plan'],
  preview: ['longest-increasing', 'net', 'packet', 'account', 'ir', 'analysis', 'compile', 'network'],
  netlink: ['net', 'native'],
  netns: ['native'],
  ebpf: ['native'],
  store: ['diagnostic/coded-error', 'file-lock', 'account'],
  reconcile: [
    'diagnostic',
    'longest-increasing',
    'net',
    'packet',
    'ir',
    'classifier',
    'backend',
    'plan',
    'plan-change',
    'compile-plan',
    'native',
    'netlink',
    'netns',
    'ebpf',
  ],
  network: [
    'diagnostic',
    'account',
    'net',
    'netlink',
    'netns',
    'reconcile/actual',
    'reconcile/current-generation',
    'reconcile/description',
    'reconcile/target',
  ],
  health: ['account', 'ir', 'net', 'native', 'netns', 'packet', 'network', 'reconcile'],
  replay: ['packet', 'pcap', 'backend', 'plan', 'native', 'netlink', 'netns', 'reconcile'],
  doctor: ['net', 'backend/ebpf', 'native', 'netlink', 'netns', 'ebpf'],
  agent: [
    'account',
    'net',
    'ir',
    'backend',
    'plan',
    'compile-plan',
    'plan-change',
    'compile',
    'netlink',
    'netns',
    'network',
    'health',
    'reconcile',
  ],
  desired: [
    'diagnostic/coded-error',
    'account',
    'preview',
    'compile',
    'network',
    'reconcile',
    'report',
    'store',
    'agent',
  ],
  api: ['diagnostic/coded-error', 'agent', 'desired', 'report'],
  daemon: ['account', 'file-lock', 'backend/ebpf', 'compile', 'netns', 'store', 'agent', 'desired', 'report', 'api'],
  documentation: ['diagnostic', 'language', 'ir', 'backend', 'compile'],
  report: ['diagnostic', 'account', 'compile', 'health'],
  cli: [
    'packet',
    'pcap',
    'language',
    'account',
    'ir',
    'analysis',
    'preview',
    'stage',
    'backend',
    'plan',
    'compile',
    'compile-plan',
    'reconcile',
    'replay',
    'report',
    'doctor',
    'health',
    'agent',
    'api',
    'daemon',
  ],
  demo: [
    'diagnostic',
    'net',
    'packet',
    'account',
    'ir',
    'plan',
    'compile',
    'native',
    'netlink',
    'netns',
    'reconcile',
    'cli',
  ],
};

const MODULES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => file.slice(0, -'.ts'.length));

interface Import {
  readonly from: string;
  readonly to: string;
}

const IMPORTS: readonly Import[] = MODULES.flatMap(from => {
  const text = readFileSync(join(SRC, `${from}.ts`), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import|require\()\s*'(\.[^']+)'/g)].map(
    ([, specifier]) => specifier ?? '',
  );
  return specifiers.map(specifier => ({ from, to: relative(SRC, join(SRC, dirname(from), specifier)) }));
});

/** The longest key of the matrix that the module lies in. */
function roomOf(module: string): string {
  const rooms = Object.keys(MAY_IMPORT).filter(room => module === room || module.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? '';
}

test('every module of src lies in a room of the matrix, and every room has modules', () => {
  expect(MODULES.filter(module => roomOf(module) === '')).toEqual([]);
  expect(Object.keys(MAY_IMPORT).filter(room => !MODULES.some(module => roomOf(module) === room))).toEqual([]);
});

test('every relative import leads to a module', () => {
  // The compiled grammar is built beside src, and package.json lies above it.
  const outside = IMPORTS.filter(({ to }) => to.startsWith('..'));
  expect(outside.map(({ from }) => from)).toEqual([]);
  expect(IMPORTS.filter(({ to }) => !MODULES.includes(to))).toEqual([]);
});

test('modules import only from the rooms that the matrix gives them', () => {
  const forbidden = IMPORTS.filter(({ from, to }) => {
    const room = roomOf(from);
    if (to === room || to.startsWith(`${room}/`)) return false;
    return !(MAY_IMPORT[room] ?? []).some(allowed => to === allowed || to.startsWith(`${allowed}/`));
  });
  expect(forbidden).toEqual([]);
});

test('every permission of the matrix is used', () => {
  const unused = Object.entries(MAY_IMPORT).flatMap(([room, allowed]) =>
    allowed
      .filter(target => !IMPORTS.some(({ from, to }) => roomOf(from) === room && `${to}/`.startsWith(`${target}/`)))
      .map(target => `${room} -> ${target}`),
  );
  expect(unused).toEqual([]);
});

test('the matrix has no circle: rooms can be put in an order in which each imports only earlier ones', () => {
  const rooms = Object.keys(MAY_IMPORT);
  const needs = (room: string) =>
    rooms.filter(other =>
      (MAY_IMPORT[room] ?? []).some(
        allowed => `${other}/`.startsWith(`${allowed}/`) || `${allowed}/`.startsWith(`${other}/`),
      ),
    );
  const ordered: string[] = [];
  for (let ready = rooms; ready.length > 0; ) {
    ready = rooms.filter(room => !ordered.includes(room) && needs(room).every(other => ordered.includes(other)));
    ordered.push(...ready);
  }
  expect(rooms.filter(room => !ordered.includes(room))).toEqual([]);
});

test('only native.ts loads the addon', () => {
  const loaders = MODULES.filter(module => /\.node['"`]|dlopen/.test(readFileSync(join(SRC, `${module}.ts`), 'utf8')));
  expect(loaders).toEqual(['native']);
});

test('no file has a name that accepts anything', () => {
  expect(
    MODULES.filter(module => /(^|[/-])(utils?|helpers?|managers?|common|misc|shared)($|[-/])/.test(module)),
  ).toEqual([]);
});
