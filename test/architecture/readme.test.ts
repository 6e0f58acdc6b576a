// The README names every function, command and dependency that there is, and no field that there is not.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKET_FIELDS, PACKET_FUNCTIONS } from '../../src/language/field/packet-scheme';

const ROOT = join(__dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const MAIN = readFileSync(join(ROOT, 'src/cli/main.ts'), 'utf8');
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const commands = [...MAIN.matchAll(/^ {2}([a-z]+): \(\) => require/gm)].map(([, name]) => name ?? '');
const packages = Object.keys({ ...PACKAGE.dependencies, ...PACKAGE.devDependencies });

test.each([...PACKET_FUNCTIONS.keys()])('the README has the function %s', name => {
  expect(README).toContain(`\`${name}\``);
});

test.each(commands)('the README has the command %s', name => {
  expect(README).toMatch(new RegExp(`\`${name}[ \`]`));
});

test.each(packages.filter(name => !name.startsWith('@types/')))('the README gives a reason for %s', name => {
  const rows = README.split('\n').filter(line => line.startsWith('| '));
  const reasons = rows.map(row => row.split('|')).filter(([, named]) => named?.split(/[ ,]+/).includes(name));
  expect(reasons.map(([, , reason]) => (reason ?? '').trim().length > 10)).toEqual([true]);
});

test('the README has no field that the scheme does not have', () => {
  const fields = [...README.matchAll(/`((?:ip|tcp|udp|icmp)(?:\.[a-z.]+)?)`/g)].map(([, name]) => name ?? '');
  expect(fields.filter(name => !PACKET_FIELDS.has(name))).toEqual([]);
});
