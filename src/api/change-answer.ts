// The answer to a change: 200 when it is in force, 202 when it is kept and the kernel does not have it yet; then the status
// says why and when it is tried again.

import type { Response } from 'express';
import type { Changed } from '../desired/desired-state';
import { answer } from './json-answer';

export function changeAnswer(response: Response, { outcome, ...changed }: Changed): void {
  const { kind, ...rest } = outcome;
  answer(response, kind === 'in_force' ? 200 : 202, { ...changed, outcome: kind, ...rest });
}
