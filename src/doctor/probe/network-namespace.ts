// Makes the scratch namespace: `ip netns add`.

import { type Finding, yes } from '../probe';
import type { Scratch } from '../scratch';
import { scratchNamespace } from '../scratch-namespace';

export function askNetworkNamespace(scratch: Scratch): Finding {
  return yes(`made ${scratchNamespace(scratch)}`);
}
