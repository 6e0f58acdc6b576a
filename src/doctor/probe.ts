// A question to this machine that something of Rampart depends on. It is asked by doing the thing and looking, never by
// a version number: distributions carry features back, and administrators take them away.

import type { Scratch } from './scratch';

export type Answer = 'yes' | 'no' | 'could not tell';

export interface Finding {
  readonly answer: Answer;
  /** What was seen. */
  readonly detail: string;
}

export type Ask = (scratch: Scratch) => Finding | Promise<Finding>;

export interface Probe {
  /** Stable: scripts look for it. */
  readonly name: string;
  readonly question: string;
  /** What of Rampart depends on it. */
  readonly neededFor: string;
  /** Without it no policy can be applied. */
  readonly required: boolean;
  readonly cure: string;
  /** Loads the asking code only then: most of it needs the addon, whose absence is itself an answer. */
  readonly load: () => Ask;
}

/** What `rampart doctor` reports of one probe. */
export interface Diagnosis extends Omit<Probe, 'load'>, Finding {}

export function yes(detail: string): Finding {
  return { answer: 'yes', detail };
}

export function no(detail: string): Finding {
  return { answer: 'no', detail };
}

/** An error is an answer only if it is one that the kernel gives where it lacks the thing asked for. */
export function findingOf(error: unknown, codesOfNo: readonly string[]): Finding {
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return { answer: typeof code === 'string' && codesOfNo.includes(code) ? 'no' : 'could not tell', detail };
}
