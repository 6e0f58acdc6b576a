// Accounts of the agent's tests: policies as text, read as the program reads them.

import type { Account } from '../../src/account/account';
import { parseAccount } from '../../src/account/parse-account';
import type { Desired } from '../../src/agent/desired';

/** `rules`: an expression each, all of them blocks, by ref; `network`: the document's other keys. */
export function desired(
  account: string,
  version: number,
  rules: Readonly<Record<string, string>>,
  network: object = {},
): Desired {
  return { account: read(documentText(account, rules, network)), version };
}

export function documentText(account: string, rules: Readonly<Record<string, string>>, network: object = {}): string {
  const written = Object.entries(rules).map(([ref, expression]) => ({ ref, expression, action: 'block' }));
  return JSON.stringify({ account, ...network, rules: written });
}

function read(text: string): Account {
  const reading = parseAccount(text);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.account;
}
