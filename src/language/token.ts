// What the lexer makes of a stretch of the source.

import type { Span } from '../diagnostic/span';
import type { Place } from './lexer';

export interface Token {
  readonly type: string;
  readonly text: string;
  readonly span: Span;
  /** What was expected where it stands. */
  readonly place: Place;
}
