// What a literal is compared with, as cures say it.

export interface Compared {
  readonly name: string;
  /** The same comparison with a set: `ip.src in`, and of `ne` `not ip.src in`. */
  readonly inSet: string;
}
