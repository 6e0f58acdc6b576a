// The generated pages are the ones in docs/.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from '../../src/documentation/pages';

test.each(Object.entries(PAGES))('docs/%s is up to date (make docs writes it)', (name, render) => {
  expect(readFileSync(join(__dirname, '../../docs', name), 'utf8')).toBe(render());
});
