// Compiled programs on disk.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectOf } from '../../../src/backend/ebpf/object-cache';
import { TEST_CACHE } from '../../kernel/object-cache';
import { planOf } from '../../packet/rules';

const directory = mkdtempSync(join(tmpdir(), `rampart-objects-${process.pid}-`));

afterAll(() => rmSync(directory, { recursive: true }));

test('a program that several ask for at once is compiled for all of them, and kept once', async () => {
  const plan = planOf([{ expression: 'udp.payload contains "asked for at once"', action: 'block' }]);
  const [program] = plan.programs.values();
  if (program === undefined) throw new Error('the rule needs a program');
  const cache = { ...TEST_CACHE, directory };
  const [first, ...others] = await Promise.all([1, 2, 3, 4].map(() => objectOf(program, cache)));
  expect(first?.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  for (const other of others) expect(other).toEqual(first);
  expect(readdirSync(directory)).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.o$/)]);
});
