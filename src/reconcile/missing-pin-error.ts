// Pins that go missing between being made and being named by a rule, more than once: the kernel refuses the rules.

import { PROGRAMS } from './pin';

export class MissingPinError extends Error {
  override readonly name = 'MissingPinError';
  readonly code = 'reconcile.missing-pin';
  readonly cure = `find what removes files below ${PROGRAMS}, stop it, and apply again`;

  constructor(cause: unknown) {
    super('the pin of a program was removed while the rules that call it were sent', { cause });
  }
}
