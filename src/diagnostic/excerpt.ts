// The line of source that a span begins in, with carets under the span, as a terminal aligns them: one column a character,
// two for East Asian wide characters and emoji, none for combining marks. (Positions count bytes: position.ts.) Of a line
// that no terminal shows as one, only the surroundings of the span.

import type { Span } from './span';

export interface Excerpt {
  readonly line: string;
  readonly carets: string;
}

const WIDEST = 160;
/** Columns kept in front of the span where a line is cut. */
const BEFORE = 60;

export function excerpt(source: string, { start, end }: Span): Excerpt {
  const lineStart = start === 0 ? 0 : source.lastIndexOf('\n', start - 1) + 1;
  const newline = source.indexOf('\n', start);
  const lineEnd = newline < 0 ? source.length : newline;
  const before = [...source.slice(lineStart, start)];
  const marked = [...source.slice(start, Math.min(end, lineEnd))];
  const after = [...source.slice(Math.max(start, Math.min(end, lineEnd)), lineEnd)];
  if (before.length + marked.length + after.length <= WIDEST) return drawn(before, marked, after);
  const kept = before.length <= BEFORE ? before : ['…', ...before.slice(-BEFORE)];
  const room = WIDEST - kept.length;
  if (marked.length > room) return drawn(kept, marked.slice(0, room), ['…']);
  const rest = room - marked.length;
  return drawn(kept, marked, after.length <= rest ? after : [...after.slice(0, rest), '…']);
}

function drawn(before: readonly string[], marked: readonly string[], after: readonly string[]): Excerpt {
  // A TAB stays one, so that it reaches as far as in the line above.
  const padding = before.map(character => (character === '\t' ? '\t' : ' '.repeat(columns(character)))).join('');
  const width = marked.reduce((sum, character) => sum + columns(character), 0);
  return { line: [...before, ...marked, ...after].join(''), carets: `${padding}${'^'.repeat(Math.max(1, width))}` };
}

/** East_Asian_Width W and F (UAX #11), by their blocks. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

function columns(character: string): number {
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
