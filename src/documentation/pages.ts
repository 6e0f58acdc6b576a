// The generated pages by their file name in docs/.

import { diagnosticsPage } from './diagnostics';

export const PAGES: Readonly<Record<string, () => string>> = {
  'diagnostics.md': diagnosticsPage,
};
