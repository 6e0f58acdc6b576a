// The generated pages by their file name in docs/.

import { diagnosticsPage } from './diagnostics';
import { fieldsPage } from './fields';

export const PAGES: Readonly<Record<string, () => string>> = {
  'diagnostics.md': diagnosticsPage,
  'fields.md': fieldsPage,
};
