// How a rule of a policy is called: by its ref, or by its place in the file when it has none.

/** `index` is 1-based. */
export function effectiveRef(ref: string | undefined, index: number): string {
  return ref ?? String(index);
}
