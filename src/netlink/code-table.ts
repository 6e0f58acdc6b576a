// Kernel enumerations and flag words as names: one table per enumeration, read in both directions.

export interface CodeTable<Name extends string> {
  readonly names: readonly Name[];
  code(name: Name): number;
  /** undefined for a number newer than the table. */
  name(code: number): Name | undefined;
}

export function codeTable<const Codes extends Readonly<Record<string, number>>>(
  codes: Codes,
): CodeTable<Extract<keyof Codes, string>> {
  type Name = Extract<keyof Codes, string>;
  const byName = new Map<string, number>();
  const byCode = new Map<number, Name>();
  const names: Name[] = [];
  for (const name in codes) {
    const code: number | undefined = codes[name];
    if (code === undefined) continue;
    names.push(name);
    byName.set(name, code);
    byCode.set(code, name);
  }
  return {
    names,
    code(name) {
      const code = byName.get(name);
      if (code === undefined) throw new RangeError(`'${name}' is none of ${names.join(', ')}`);
      return code;
    },
    name: code => byCode.get(code),
  };
}

/** Bits that the table has no name for, such as '0x200': kept, so that nothing is lost between reading and writing. */
export type UnknownBits = `0x${string}`;

export interface FlagTable<Name extends string> {
  readonly names: readonly Name[];
  bits(flags: readonly (Name | UnknownBits)[]): number;
  /** In the order of the table. */
  flags(bits: number): readonly (Name | UnknownBits)[];
}

export function flagTable<const Codes extends Readonly<Record<string, number>>>(
  codes: Codes,
): FlagTable<Extract<keyof Codes, string>> {
  type Name = Extract<keyof Codes, string>;
  const table = codeTable(codes);
  return {
    names: table.names,
    bits: flags => flags.reduce((bits, flag) => (bits | (isUnknown(flag) ? Number(flag) : table.code(flag))) >>> 0, 0),
    flags(bits) {
      const named: (Name | UnknownBits)[] = table.names.filter(name => (bits & table.code(name)) !== 0);
      const rest = (bits & ~table.names.reduce((all, name) => all | table.code(name), 0)) >>> 0;
      return rest === 0 ? named : [...named, `0x${rest.toString(16)}`];
    },
  };
}

function isUnknown(flag: string): flag is UnknownBits {
  return flag.startsWith('0x');
}
