// A table of our name that somebody else made: never touched, never taken over.

import type { PacketFamily } from '../packet/packet';

export class ForeignTableError extends Error {
  override readonly name = 'ForeignTableError';
  readonly code = 'reconcile.foreign-table';
  readonly cure: string;

  constructor(family: PacketFamily, table: string) {
    super(`table ${family} ${table} exists already and was not made by rampart`);
    this.cure = `look at it with \`nft list table ${family} ${table}\`; delete or rename it if nothing needs it`;
  }
}
