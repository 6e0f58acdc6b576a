// Optional members of a specification are absent, not undefined: two equal specifications then have equal keys, and
// exactOptionalPropertyTypes accepts what the decoders make.

export type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

export function present<T extends object>(members: T): Present<T>;
export function present(members: Readonly<Record<string, unknown>>): object {
  const found: Record<string, unknown> = {};
  for (const name in members) if (members[name] !== undefined) found[name] = members[name];
  return found;
}
