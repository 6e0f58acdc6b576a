// An error whose code is one of a room's list, with the cure for it.

export abstract class CodedError<Code extends string> extends Error {
  readonly code: Code;
  readonly cure: string;

  constructor(code: Code, message: string, cure: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.cure = cure;
  }
}
