// What was changed, or would be, to make an account's network as planned.

export interface NetworkChange {
  /** Each in words: 'link uplink', 'route 203.0.113.0/24 by fra1'. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly none: boolean;
}

export function networkChange(parts: Partial<Omit<NetworkChange, 'none'>> = {}): NetworkChange {
  const { added = [], changed = [], removed = [] } = parts;
  return { added, changed, removed, none: added.length + changed.length + removed.length === 0 };
}

export function joinChanges(changes: readonly NetworkChange[]): NetworkChange {
  return networkChange({
    added: changes.flatMap(({ added }) => added),
    changed: changes.flatMap(({ changed }) => changed),
    removed: changes.flatMap(({ removed }) => removed),
  });
}
