// Commands that put rules straight into a namespace make no links and no routes; an account that has some is the agent's.

import { networkParts } from '../account/account';
import type { GivenRules } from './given-rules';

export class NetworkPartsError extends Error {
  override readonly name = 'NetworkPartsError';
  readonly code = 'policy.needs-agent';
  readonly cure: string;

  constructor(file: string, parts: readonly string[]) {
    super(`${file} has ${parts.join(', ')}, which this command does not make`);
    this.cure = 'hand the document to an agent (`rampart agent`), or remove these keys';
  }
}

/** Throws for a document of which the rules alone would be put into force. */
export function refuseNetworkParts(given: GivenRules): void {
  if (given.kind !== 'policy') return;
  const parts = networkParts(given.policy);
  if (parts.length > 0) throw new NetworkPartsError(given.file, parts);
}
