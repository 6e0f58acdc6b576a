// A regular expression literal. In "…" a backslash stays with what it escapes, except before a quote outside a class:
// \" is a quote, "\d" is \d; r"…" is taken as it stands. The pattern is compiled here to prove that it can be.

import { span } from '../../diagnostic/span';
import type { LiteralText } from '../ast';
import { rawContent } from '../raw-string';
import { checkRegex } from '../regex/compile';
import { report, type Scope } from '../scope';

export function readRegex(scope: Scope, literal: LiteralText): string | undefined {
  // An empty chunk: the parser has said what is missing here.
  if (literal.form === 'chunk') return undefined;
  const pattern = literal.form === 'raw' ? rawContent(literal.text) : unquote(literal.text);
  const compiled = checkRegex(pattern, scope.limits.regexSize);
  if (compiled.kind === 'regex') return pattern;
  const open = literal.text.indexOf('"') + 1;
  const place = span(literal.span.start + open, literal.span.end - (literal.form === 'raw' ? open - 1 : 1));
  if (compiled.kind === 'too_big') return report(scope, 'regexSize', place, { limit: String(scope.limits.regexSize) });
  const carets = `${' '.repeat(compiled.at.start)}${'^'.repeat(Math.max(1, compiled.at.end - compiled.at.start))}`;
  return report(scope, 'regexSyntax', place, { pattern, carets, problem: compiled.problem });
}

function unquote(text: string): string {
  let pattern = '';
  let inClass = false;
  for (let i = 1; i < text.length - 1; i++) {
    const sign = text.charAt(i);
    if (sign === '\\') {
      const escaped = text.charAt(++i);
      pattern += inClass || escaped !== '"' ? `\\${escaped}` : escaped;
      continue;
    }
    if (sign === '[') inClass = true;
    else if (sign === ']') inClass = false;
    pattern += sign;
  }
  return pattern;
}
