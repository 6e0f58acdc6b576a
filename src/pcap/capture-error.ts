// What is wrong with a capture file, and at which of its bytes.

export type CaptureErrorCode =
  | 'capture.not-a-capture'
  | 'capture.unsupported'
  | 'capture.truncated'
  | 'capture.damaged'
  | 'capture.unreadable';

export interface CaptureFault {
  readonly code: CaptureErrorCode;
  readonly file: string;
  /** 0-based byte of the file where the header, record or block at fault begins. */
  readonly offset: number;
  readonly problem: string;
  readonly cure: string;
  readonly cause?: unknown;
}

export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly code: CaptureErrorCode;
  readonly file: string;
  readonly offset: number;
  readonly cure: string;

  constructor({ code, file, offset, problem, cure, cause }: CaptureFault) {
    super(`${file}: byte ${offset}: ${problem}`, { cause });
    this.code = code;
    this.file = file;
    this.offset = offset;
    this.cure = cure;
  }
}

export function truncated(file: string, offset: number, what: string, has: number, needs: number): CaptureError {
  return new CaptureError({
    code: 'capture.truncated',
    file,
    offset,
    problem: `the file ends inside ${what}: ${has} of ${needs} bytes are there`,
    cure: 'capture or copy the file again; the frames before this byte are whole',
  });
}

export function damaged(file: string, offset: number, problem: string): CaptureError {
  return new CaptureError({
    code: 'capture.damaged',
    file,
    offset,
    problem,
    cure: 'copy the file again; the frames before this byte can be trusted, nothing after it can be found',
  });
}
