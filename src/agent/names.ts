// Names by which an agent's objects are known again.

/** Of the namespace that the agent makes for an account. */
export function namespaceOf(realm: string, account: string): string {
  return `${realm}-${account}`;
}
