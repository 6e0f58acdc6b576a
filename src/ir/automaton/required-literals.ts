// Literals that stand in every text that a pattern matches. A text can be searched for them much faster than an automaton
// runs; where they are not there the pattern does not match.

import type { CharSet } from '../../language/regex/char-set';
import type { RegexNode } from '../../language/regex/node';
import { isExact, type LiteralByte, literalByte } from './literal-byte';
import { isAnyBytes } from './nfa';

export interface Literal {
  /** 1 to 16 */
  readonly bytes: readonly LiteralByte[];
  /** The two rarest of the bytes, by their place; the same one where there is no other. */
  readonly rarest: readonly [number, number];
}

export interface RequiredLiterals {
  /** 1 to 3 groups of 1 to 8 literals. A text that matches has a literal of each group; the rarest group comes first. */
  readonly groups: readonly (readonly Literal[])[];
  /** There is one group, and the pattern also matches every text that has a literal of it. */
  readonly suffice: boolean;
}

/** Two words: what a program compares at one place. */
const LONGEST = 16;
const MOST_GROUPS = 3;
const MOST_LITERALS = 8;
/** What part of all places may look like a literal: most texts have one that is commoner, and the search is in vain. */
const MOST_CANDIDATES = 1 / 64;
/** For groups that are looked for when the first one was there. */
const FEWER_CANDIDATES = 1 / 1024;

/** undefined where there are none, or so common ones that the search would be in vain. */
export function requiredLiterals(pattern: RegexNode): RequiredLiterals | undefined {
  const found = ofSequence(searched(pattern));
  if (found[0]?.suffice) return { groups: [found[0].literals], suffice: true };
  const groups = found.filter(({ candidates }, i) => candidates <= (i === 0 ? MOST_CANDIDATES : FEWER_CANDIDATES));
  if (groups.length === 0) return undefined;
  return { groups: groups.slice(0, MOST_GROUPS).map(({ literals }) => literals), suffice: false };
}

/** One of the literals is there. */
interface Group {
  readonly literals: readonly Literal[];
  readonly suffice: boolean;
  /** What part of all places in a usual text looks like one of them. */
  readonly candidates: number;
}

/** Without what says only that any bytes may stand before and behind. */
function searched(pattern: RegexNode): readonly RegexNode[] {
  const parts = flat(pattern);
  const [first, second] = parts;
  const [last, beforeLast] = [parts.at(-1), parts.at(-2)];
  const from = isAssertion(first, 'text_start') && second !== undefined && isAnyBytes(second) ? 2 : 0;
  const open = isAssertion(last, 'text_end') && beforeLast !== undefined && isAnyBytes(beforeLast);
  // In `^.*$` one repetition stands for both.
  return parts.slice(from, Math.max(from, parts.length - (open ? 2 : 0)));
}

function isAssertion(node: RegexNode | undefined, assertion: string): boolean {
  return node?.kind === 'assertion' && node.assertion === assertion;
}

function flat(node: RegexNode): readonly RegexNode[] {
  return node.kind === 'sequence' ? node.parts.flatMap(flat) : [node];
}

/** All parts are there: each has groups of its own, of which the rarest comes first. */
function ofSequence(parts: readonly RegexNode[]): readonly Group[] {
  const [only, second] = parts;
  if (only?.kind === 'choice' && second === undefined) return ofChoice(only.parts);
  const { runs, others, whole } = runsOf(parts);
  const pieces = runs.flatMap(run => piecesOf(run)).map(ofBytes);
  const groups = [...pieces, ...others.flatMap(ofNode)];
  const decides = whole && groups.length === 1;
  const all = groups.map(group => ({ ...group, suffice: decides && group.suffice }));
  return all.sort((a, b) => a.candidates - b.candidates);
}

function ofNode(node: RegexNode): readonly Group[] {
  switch (node.kind) {
    case 'bytes':
      return ofSequence([node]);
    case 'sequence':
      return ofSequence(flat(node));
    case 'choice':
      return ofChoice(node.parts);
    case 'repeat': {
      if (node.part.kind === 'bytes') return ofSequence([node]);
      return node.least === 0 ? [] : ofNode(node.part).map(group => ({ ...group, suffice: false }));
    }
    case 'assertion':
      return [];
  }
}

/** One of the parts is there: its rarest group, or that of another one. */
function ofChoice(parts: readonly RegexNode[]): readonly Group[] {
  const groups = parts.map(part => ofNode(part)[0]);
  const known = groups.filter(group => group !== undefined);
  const literals = known.flatMap(group => group.literals);
  if (known.length < groups.length || literals.length > MOST_LITERALS) return [];
  return [
    {
      literals,
      suffice: known.every(({ suffice }) => suffice),
      candidates: known.reduce((sum, { candidates }) => sum + candidates, 0),
    },
  ];
}

interface Runs {
  /** Bytes next to each other. */
  readonly runs: readonly (readonly CharSet[])[];
  readonly others: readonly RegexNode[];
  /** There is one run and nothing else. */
  readonly whole: boolean;
}

/** `ab{2}c` is the run abbc; `ab+c` has the runs ab and c. */
function runsOf(parts: readonly RegexNode[]): Runs {
  const runs: CharSet[][] = [[]];
  const others: RegexNode[] = [];
  let whole = true;
  for (const part of parts) {
    const { set, least, exactly } = repeated(part);
    if (set === undefined) others.push(part);
    else for (let i = 0; i < least; i++) runs.at(-1)?.push(set);
    if (exactly) continue;
    runs.push([]);
    whole = false;
  }
  return { runs, others, whole };
}

/** The bytes that a part stands for, how many of them at the least, and whether it can be no more. */
function repeated(part: RegexNode): { readonly set?: CharSet; readonly least: number; readonly exactly: boolean } {
  if (part.kind === 'bytes') return { set: part.set, least: 1, exactly: true };
  if (part.kind !== 'repeat' || part.part.kind !== 'bytes') return { least: 0, exactly: false };
  const { least, most } = part;
  return { set: part.part.set, least: Math.min(least, LONGEST), exactly: least === most && least <= LONGEST };
}

function piecesOf(run: readonly CharSet[]): (readonly CharSet[])[] {
  const count = Math.ceil(run.length / LONGEST);
  return Array.from({ length: count }, (_, i) => run.slice(i * LONGEST, (i + 1) * LONGEST));
}

function ofBytes(sets: readonly CharSet[]): Group {
  const bytes = sets.map(literalByte);
  const shares = bytes.map(share);
  const shareAt = (at: number) => shares[at] ?? 1;
  const [first = 0, second = first] = [...sets.keys()].sort((a, b) => shareAt(a) - shareAt(b) || a - b);
  return {
    literals: [{ bytes, rarest: first < second ? [first, second] : [second, first] }],
    suffice: bytes.every((byte, at) => isExact(byte, sets[at] ?? [])),
    candidates: shareAt(first) * (first === second ? 1 : shareAt(second)),
  };
}

/** What part of the bytes of usual payloads a byte of a literal holds. */
function share(of: LiteralByte): number {
  return WEIGHTS.reduce((sum, weight, byte) => sum + ((byte & of.mask) === of.value ? weight : 0), 0) / TOTAL;
}

/** Text and numbers of headers: a zero and the commonest letters are met most often, anything but ASCII seldom. */
const WEIGHTS: readonly number[] = Array.from({ length: 256 }, (_, byte) => weightOf(byte));
const TOTAL = WEIGHTS.reduce((sum, weight) => sum + weight, 0);

function weightOf(byte: number): number {
  const sign = String.fromCharCode(byte);
  if (byte === 0) return 64;
  if (' etaoinsr'.includes(sign)) return 48;
  if (/[a-z0-9\r\n./:=-]/.test(sign)) return 16;
  return byte < 0x7f && byte >= 0x20 ? 6 : 2;
}
