// What the probes make in the kernel, under one name with our process id, and how each of it is removed again: in
// reverse order, by exact name, also when the process is told to end.

export interface Scratch {
  /** Of the namespace, the mount point and whatever else a probe makes. */
  readonly name: string;
  /** The first probe that needs one makes it. */
  namespace?: string;
  /** Path of a pinned program, likewise. */
  pin?: string;
  readonly removals: Removal[];
}

interface Removal {
  /** Such as 'network namespace rampart-doctor-4711'. */
  readonly what: string;
  readonly remove: () => void;
}

export class ScratchError extends Error {
  override readonly name = 'ScratchError';
  readonly code = 'doctor.residue';
  readonly cure: string;

  constructor(what: readonly string[], cause: unknown) {
    super(`could not remove ${what.join(', ')}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.cure = `remove by hand: ${what.join(', ')}`;
  }
}

/** Runs with a scratch that is empty, and empties it afterwards. */
export async function withScratch<T>(use: (scratch: Scratch) => Promise<T>): Promise<T> {
  const scratch: Scratch = { name: `rampart-doctor-${process.pid}`, removals: [] };
  const onExit = (): void => removeScratch(scratch);
  process.once('exit', onExit);
  try {
    return await use(scratch);
  } finally {
    process.off('exit', onExit);
    removeScratch(scratch);
  }
}

/** Goes on past a failure, and throws at the end. */
function removeScratch({ removals }: Scratch): void {
  const left: string[] = [];
  let cause: unknown;
  for (let removal = removals.pop(); removal !== undefined; removal = removals.pop()) {
    try {
      removal.remove();
    } catch (error) {
      left.push(removal.what);
      cause ??= error;
    }
  }
  if (left.length > 0) throw new ScratchError(left, cause);
}
