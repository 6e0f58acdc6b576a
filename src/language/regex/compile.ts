import { RE2JS } from 're2js';
import { type Span, span } from '../../diagnostic/span';

export type CompiledRegex =
  | { readonly kind: 'regex'; readonly test: (text: string) => boolean }
  | { readonly kind: 'too_big' }
  | { readonly kind: 'syntax'; readonly problem: string; readonly at: Span };

export function compileRegex(pattern: string, _limit: number): CompiledRegex {
  try {
    const compiled = RE2JS.compile(pattern);
    return { kind: 'regex', test: text => compiled.test(text) };
  } catch (error) {
    return { kind: 'syntax', problem: String(error), at: span(0, pattern.length) };
  }
}
