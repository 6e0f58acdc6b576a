// Reads a file from front to back in large pieces and hands it out in small ones, knowing at which byte it is. Works
// on pipes too. Whoever opens a source closes it.

import { closeSync, openSync, readSync } from 'node:fs';
import { CaptureError } from './capture-error';

const BUFFER_SIZE = 256 * 1024;

export class ByteSource {
  readonly file: string;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(BUFFER_SIZE);
  #start = 0;
  #end = 0;
  #offset = 0;

  /** Throws what openSync throws, which names the file. */
  constructor(file: string) {
    this.file = file;
    this.#fd = openSync(file, 'r');
  }

  /** The byte of the file that the next read begins with. */
  get offset(): number {
    return this.#offset;
  }

  /** A copy of the next bytes; fewer than asked for only where the file ends. */
  read(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length && (this.#start < this.#end || this.#refill())) {
      const piece = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + length - filled));
      bytes.set(piece, filled);
      filled += piece.length;
      this.#start += piece.length;
    }
    this.#offset += filled;
    return filled === length ? bytes : bytes.subarray(0, filled);
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** False at the end of the file. */
  #refill(): boolean {
    try {
      this.#start = 0;
      this.#end = readSync(this.#fd, this.#buffer);
      return this.#end > 0;
    } catch (cause) {
      throw new CaptureError({
        code: 'capture.unreadable',
        file: this.file,
        offset: this.#offset,
        problem: cause instanceof Error ? cause.message : String(cause),
        cure: 'name a regular file or a pipe that can be read',
        cause,
      });
    }
  }
}
