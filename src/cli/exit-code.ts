// What the process's exit status says. Nothing else is ever returned, whatever went wrong.

export const EXIT = {
  /** What was asked for has been done, and all of it is well. */
  done: 0,
  /** It was refused, it failed, what was compared differs, or what was looked for was found. */
  refused: 1,
  /** The command line asked for nothing that can be done. */
  usage: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
