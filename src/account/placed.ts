// A well-formed part of one of the document's lists, and its position there.

export interface Placed<T> {
  /** 0-based. */
  readonly position: number;
  readonly value: T;
}
