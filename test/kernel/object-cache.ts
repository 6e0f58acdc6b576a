// Compiled programs of the tests, kept below build/: a second run finds them and starts no compiler.

import { join } from 'node:path';
import type { ObjectCache } from '../../src/backend/ebpf/object-cache';

const ROOT = join(__dirname, '../..');

export const TEST_CACHE: ObjectCache = {
  directory: join(ROOT, 'build/test-objects'),
  include: join(ROOT, 'bpf/include'),
  clang: 'clang',
};
