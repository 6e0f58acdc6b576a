// How deep the brackets, calls and `not`s on the current path lie (Wirefilter's counting: one for each, nothing for the
// length of a chain). A `not` ends with its operand: at the next logical operator, comma or closing bracket.

import type { Token } from './token';

export class Nesting {
  #depth = 0;
  /** `not`s waiting for the end of their operand, for each open bracket and, first, for the outside. */
  readonly #pending: number[] = [0];

  /** The depth reached with this token. */
  after(token: Token): number {
    switch (token.type) {
      case 'not':
        this.#pending.push((this.#pending.pop() ?? 0) + 1);
        return ++this.#depth;
      case 'open':
      case 'open_arguments':
        this.#pending.push(0);
        return ++this.#depth;
      case 'close':
        this.#endOperand();
        // A bracket too many is the grammar's to refuse.
        if (this.#pending.length > 1) {
          this.#pending.pop();
          this.#depth--;
        }
        return this.#depth;
      case 'and':
      case 'xor':
      case 'or':
      case 'comma':
        this.#endOperand();
        return this.#depth;
      default:
        return this.#depth;
    }
  }

  #endOperand(): void {
    this.#depth -= this.#pending.pop() ?? 0;
    this.#pending.push(0);
  }
}
