// The words of the language. What a character means depends on what is expected at that place (`10` is a name, an
// integer, an address or two bytes), so there is one moo state for each kind of place; after every token the next
// state is known. Words end where letters end: `andbeta` is a name and never `and beta` (docs/language.md).
//
// Raw strings need their hashes counted, which one regular expression cannot: `raw_open` marks where tokenize.ts
// reads on. What no rule of a state matches is `unreadable` up to the end of the text.

import moo from 'moo';
import { invariant } from '../diagnostic/invariant';

export type Place =
  | 'operand' // a condition begins: a name, `not`, a bracket
  | 'argument' // the same, or a literal
  | 'operator' // a value or condition has just ended
  | 'literal' // after == < contains &
  | 'membership' // after `in`
  | 'item' // inside { }
  | 'regex' // after `matches`
  | 'wildcard' // after `wildcard`
  | 'index'; // after [

const SPACE = { match: /[ \r\n]+/, lineBreaks: true };
const UNREADABLE = { unreadable: moo.error };

const NAME = '[A-Za-z0-9_]+(?:\\.[A-Za-z0-9_]+)*';
/** One of the first three characters cannot be a hexadecimal digit: a name for certain, never a literal. */
const CERTAIN_NAME = new RegExp(`(?=[A-Za-z0-9_]{0,2}[g-zG-Z_])${NAME}`);
const CHUNK = '[0-9A-Za-z_:./+-]';
/** A whole chunk that may be a name (`10`, `abc`, `1.2.3.4`): the scheme decides. */
const POSSIBLE_NAME = new RegExp(`${NAME}(?!${CHUNK})`);

const QUOTED = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/;
/** In a class of a regular expression `"` does not end the literal; the first `]` always ends the class. */
const QUOTED_REGEX = /"(?:[^"\\[]|\\[\s\S]|\[[^\]\\]*(?:\\[\s\S][^\]\\]*)*\])*"/;

const STRING = { match: QUOTED, lineBreaks: true, next: 'operator' };
const RAW_OPEN = /r(?=["#])/;
const LITERAL = new RegExp(`${CHUNK}+`);

const BRACKETED = {
  not: { match: /not(?![A-Za-z0-9_.])|!/, next: 'operand' },
  quantifier: { match: /(?:any|all)(?=[ \r\n]*\()/, next: 'operator' },
  open: { match: '(', next: 'operand' },
};

const states: Record<Place, moo.Rules> = {
  operand: {
    space: SPACE,
    ...BRACKETED,
    name: { match: new RegExp(NAME), next: 'operator' },
    ...UNREADABLE,
  },
  argument: {
    space: SPACE,
    raw_open: RAW_OPEN,
    ...BRACKETED,
    string: STRING,
    name: { match: CERTAIN_NAME, next: 'operator' },
    word: { match: POSSIBLE_NAME, next: 'operator' },
    chunk: { match: LITERAL, next: 'operator' },
    close: { match: ')', next: 'operator' },
    ...UNREADABLE,
  },
  operator: {
    space: SPACE,
    and: { match: /and(?![A-Za-z0-9_])|&&/, next: 'operand' },
    xor: { match: /xor(?![A-Za-z0-9_])|\^\^/, next: 'operand' },
    or: { match: /or(?![A-Za-z0-9_])|\|\|/, next: 'operand' },
    ordering: { match: /(?:eq|ne|ge|le|gt|lt)(?![A-Za-z0-9_])|==|!=|>=|<=|>|</, next: 'literal' },
    bitwise_and: { match: /bitwise_and(?![A-Za-z0-9_])|&/, next: 'literal' },
    contains: { match: /contains(?![A-Za-z0-9_])/, next: 'literal' },
    member: { match: /in(?![A-Za-z0-9_])/, next: 'membership' },
    matches: { match: /matches(?![A-Za-z0-9_])|~/, next: 'regex' },
    wildcard: { match: /(?:strict )?wildcard(?![A-Za-z0-9_])/, next: 'wildcard' },
    open_arguments: { match: '(', next: 'argument' },
    close: { match: ')', next: 'operator' },
    comma: { match: ',', next: 'argument' },
    // An index touches what it indexes.
    open_index: { match: /(?<=[A-Za-z0-9_)\]])\[/, next: 'index' },
    ...UNREADABLE,
  },
  literal: {
    space: SPACE,
    raw_open: RAW_OPEN,
    string: STRING,
    chunk: { match: LITERAL, next: 'operator' },
    ...UNREADABLE,
  },
  membership: {
    space: SPACE,
    open_set: { match: '{', next: 'item' },
    list: { match: /\$[a-z0-9_.]*/, next: 'operator' },
    ...UNREADABLE,
  },
  item: {
    space: SPACE,
    raw_open: RAW_OPEN,
    string: { match: QUOTED, lineBreaks: true },
    chunk: LITERAL,
    close_set: { match: '}', next: 'operator' },
    ...UNREADABLE,
  },
  regex: {
    space: SPACE,
    raw_open: RAW_OPEN,
    regex: { match: QUOTED_REGEX, lineBreaks: true, next: 'operator' },
    ...UNREADABLE,
  },
  wildcard: {
    space: SPACE,
    raw_open: RAW_OPEN,
    string: STRING,
    ...UNREADABLE,
  },
  index: {
    space: SPACE,
    star: '*',
    string: { match: QUOTED, lineBreaks: true },
    chunk: LITERAL,
    close_index: { match: ']', next: 'operator' },
    ...UNREADABLE,
  },
};

/** Its position is state: tokenize() resets it and finishes with it before anyone else can. */
export const LEXER: moo.Lexer = moo.states(states, 'operand');

/** Where the lexer stands. */
export function placeOf(lexer: moo.Lexer): Place {
  const { state } = lexer.save();
  invariant(isPlace(state), `the lexer has no state ${state}`);
  return state;
}

function isPlace(state: string): state is Place {
  return state in states;
}
