// Loads the native addon.

import { type Finding, no, yes } from '../probe';

export function askAddon(): Finding {
  try {
    require('../../native');
    return yes('loaded');
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
}
