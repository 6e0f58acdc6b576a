// Writes the pages of docs/ that are made from the tables in the code: make docs.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './pages';

/** Three folders up, as this runs from build/js/documentation. */
const DOCS = join(__dirname, '../../../docs');

for (const [name, render] of Object.entries(PAGES)) writeFileSync(join(DOCS, name), render());
