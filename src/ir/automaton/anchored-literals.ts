// Patterns that say no more than how a text begins and how it ends: `^GET /`, `\.exe$`, wildcard "a*z". They need no
// automaton, as the places of all their bytes are known.

import type { RegexNode } from '../../language/regex/node';
import { isExact, type LiteralByte, literalByte } from './literal-byte';
import { isAnyBytes } from './nfa';

/** Texts that begin and end so, neither reaching into the other. */
export interface AnchoredLiterals {
  readonly start: readonly LiteralByte[];
  readonly end: readonly LiteralByte[];
  /** Nothing may stand between the two. */
  readonly whole: boolean;
}

/** Of all alternatives together; each sixteen are a test. */
const MOST_BYTES = 256;

/** One of them has to hold. undefined where the pattern says something else. */
export function anchoredLiterals(pattern: RegexNode): readonly AnchoredLiterals[] | undefined {
  const found = alternatives(flat(pattern)).map(anchored);
  const known = found.filter(each => each !== undefined);
  if (known.length < found.length || known.length === 0) return undefined;
  return known.reduce((sum, { start, end }) => sum + start.length + end.length, 0) > MOST_BYTES ? undefined : known;
}

function flat(node: RegexNode): readonly RegexNode[] {
  return node.kind === 'sequence' ? node.parts.flatMap(flat) : [node];
}

/** `^(?:a|b)` as `^a` and `^b`. */
function alternatives(parts: readonly RegexNode[]): readonly (readonly RegexNode[])[] {
  const at = parts.findIndex(({ kind }) => kind === 'choice');
  const choice = parts[at];
  if (choice?.kind !== 'choice' || choice.parts.length > MOST_BYTES) return [parts];
  return choice.parts.map(part => [...parts.slice(0, at), ...flat(part), ...parts.slice(at + 1)]);
}

/** A search goes on and begins anywhere unless the pattern says that the text's end or start is there. */
function anchored(parts: readonly RegexNode[]): AnchoredLiterals | undefined {
  const fromStart = isAssertion(parts[0], 'text_start');
  const toEnd = isAssertion(parts.at(-1), 'text_end') && parts.length > (fromStart ? 1 : 0);
  const runs: LiteralByte[][] = fromStart ? [[]] : [[], []];
  let behindGap = !fromStart;
  for (const part of parts.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined)) {
    if (isAnyBytes(part)) {
      if (!behindGap) runs.push([]);
      behindGap = true;
      continue;
    }
    const bytes = bytesOf(part);
    if (bytes === undefined) return undefined;
    runs.at(-1)?.push(...bytes);
    if (bytes.length > 0) behindGap = false;
  }
  if (!toEnd && !behindGap) runs.push([]);
  const [start = [], end, ...more] = runs;
  return more.length > 0 ? undefined : { start, end: end ?? [], whole: end === undefined };
}

function isAssertion(node: RegexNode | undefined, assertion: string): boolean {
  return node?.kind === 'assertion' && node.assertion === assertion;
}

function bytesOf(part: RegexNode): readonly LiteralByte[] | undefined {
  if (part.kind === 'sequence') {
    const each = part.parts.map(bytesOf);
    return each.every(bytes => bytes !== undefined) ? each.flat() : undefined;
  }
  if (part.kind === 'repeat') {
    if (part.least !== part.most || part.least > MOST_BYTES) return undefined;
    const once = bytesOf(part.part);
    return once && Array.from({ length: part.least }, () => once).flat();
  }
  if (part.kind !== 'bytes') return undefined;
  const byte = literalByte(part.set);
  return isExact(byte, part.set) ? [byte] : undefined;
}
