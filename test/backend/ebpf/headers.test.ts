// A program is named by the hash of its text, and stays pinned under that name. So the text has to change when the headers
// that it includes do, or an upgraded Rampart would go on using programs made from the old ones.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEADERS } from '../../../src/backend/ebpf/c-text';

const INCLUDE = join(__dirname, '../../../bpf/include/rampart');

test('the text of programs names the headers as they are', () => {
  const hash = createHash('sha256');
  for (const header of readdirSync(INCLUDE).sort()) hash.update(header).update(readFileSync(join(INCLUDE, header)));
  expect(HEADERS).toBe(hash.digest('hex').slice(0, 16));
});
