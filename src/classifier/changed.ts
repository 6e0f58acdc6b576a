// Which bytes of a slot a change has touched, for they alone are written to the kernel.

/** Offset and length packed into one double, which sorts fast; no range is so long. */
const LENGTHS = 2 ** 26;

export class Changed {
  readonly #ranges: number[] = [];

  add(at: number, bytes: number): void {
    this.#ranges.push(at * LENGTHS + bytes);
  }

  /** Offset and length in turn; ascending, overlapping and touching ones joined. */
  ranges(): Uint32Array {
    const sorted = Float64Array.from(this.#ranges).sort();
    const joined = new Uint32Array(2 * sorted.length);
    let last = -2;
    for (const range of sorted) {
      const at = Math.floor(range / LENGTHS);
      const end = at + (range % LENGTHS);
      const lastEnd = last < 0 ? -1 : (joined[last] as number) + (joined[last + 1] as number);
      if (at > lastEnd) {
        last += 2;
        joined[last] = at;
        joined[last + 1] = end - at;
      } else if (end > lastEnd) {
        joined[last + 1] = end - (joined[last] as number);
      }
    }
    return joined.slice(0, last + 2);
  }
}
