// A program could not be made into an object: no compiler, no room, or a text that clang refuses (which is our defect).

export class CompilerError extends Error {
  override readonly name = 'CompilerError';
  readonly code: string;
  readonly cure: string;

  constructor(kind: 'missing' | 'refused' | 'cache', message: string, cure: string, cause: unknown) {
    super(message, { cause });
    this.code = `compiler.${kind}`;
    this.cure = cure;
  }
}
