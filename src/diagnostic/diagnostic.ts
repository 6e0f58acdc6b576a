// A diagnostic: what is wrong or doubtful in a source text, where, and what to write instead. It is data: the stages
// collect them, print.ts shows them, the API returns them. Texts come from the catalogue, filled with the case's own words.

import { CATALOGUE, type Kind, type Problem, type Severity } from './catalogue';
import { invariant } from './invariant';
import type { Span } from './span';

export interface Diagnostic {
  /** Stable, such as RF2001: documentation and clients refer to it. */
  readonly code: string;
  /** A warning refuses nothing. */
  readonly severity: Severity;
  /** Wirefilter's name for this kind of error; a warning's is Rampart's own. */
  readonly kind: Kind;
  readonly span: Span;
  readonly arguments: Words;
  readonly message: string;
  readonly cure: string;
}

export type Words = Readonly<Record<string, string>>;

/** `words` fill the {placeholders} of the catalogue's message and cure; a missing one is a defect of the caller. */
export function diagnostic(problem: Problem, span: Span, words: Words = {}): Diagnostic {
  const { code, severity, kind, message, cure } = CATALOGUE[problem];
  return { code, severity, kind, span, arguments: words, message: fill(message, words), cure: fill(cure, words) };
}

/** The same error at the same place, with the code and cure of the mistake that explains it. */
export function explained(found: Diagnostic, mistake: Mistake): Diagnostic {
  const { code, cure } = CATALOGUE[mistake.problem];
  return { ...found, code, arguments: mistake.words, cure: fill(cure, mistake.words) };
}

export interface Mistake {
  readonly problem: Problem;
  readonly words: Words;
}

function fill(template: string, words: Words): string {
  return template.replace(/\{([a-z]+)\}/g, (_, name: string) => {
    const word = words[name];
    invariant(word !== undefined, `no word for {${name}} in "${template}"`);
    return word;
  });
}
