// A cursor over the characters of a pattern, and the error that ends its reading. Positions count code points.

import { type Span, span } from '../../diagnostic/span';
import type { Flags } from './flags';

/** Thrown while a pattern is read and caught by parseRegex(), which makes it data. */
export class RegexSyntaxError extends Error {
  constructor(
    message: string,
    readonly at: Span,
  ) {
    super(message);
  }
}

export class Pattern {
  readonly #chars: readonly string[];
  position = 0;

  constructor(text: string) {
    this.#chars = [...text];
  }

  get ended(): boolean {
    return this.position >= this.#chars.length;
  }

  /** '' at the end. */
  peek(ahead = 0): string {
    return this.#chars[this.position + ahead] ?? '';
  }

  next(): string {
    const char = this.peek();
    this.position++;
    return char;
  }

  /** Takes the text if it stands here. */
  take(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.peek(i) !== text[i]) return false;
    this.position += text.length;
    return true;
  }

  /** Takes characters while the test holds. */
  takeWhile(test: RegExp): string {
    let taken = '';
    while (!this.ended && test.test(this.peek())) taken += this.next();
    return taken;
  }

  /** The same, in verbose mode across white space and comments. */
  takeSpaced(test: RegExp, flags: Flags): string {
    let taken = '';
    while (!this.ended && test.test(this.peek())) {
      taken += this.next();
      this.skipSpace(flags);
    }
    return taken;
  }

  /** In verbose mode white space and comments stand for nothing, wherever this is called. */
  skipSpace({ verbose }: Flags): void {
    if (!verbose) return;
    for (;;) {
      this.takeWhile(/\p{Pattern_White_Space}/u);
      if (this.peek() !== '#') return;
      this.takeWhile(/[^\n]/);
    }
  }

  fail(problem: string, from = this.position, to = Math.max(from + 1, this.position)): never {
    throw new RegexSyntaxError(problem, span(from, Math.min(to, this.#chars.length)));
  }
}
