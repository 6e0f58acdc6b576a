// The tokens before a syntax error, made whole: back to where a condition was complete, with an empty literal where one
// is missing, and every open bracket closed. Only to be checked for what else is wrong, never to be run.

import { span } from '../diagnostic/span';
import type { Place } from './lexer';
import type { Token } from './token';
import type { Tokens } from './tokenize';

/** Places after an operator that wants a literal: the literal can be left empty. */
const LITERAL_PLACES: ReadonlySet<Place> = new Set<Place>(['literal', 'item', 'regex', 'wildcard']);

export function completeBeginning({ tokens, stop }: Tokens): readonly Token[] {
  const complete = [...tokens];
  const isReadable = stop.reason === 'end' || stop.reason === 'unreadable';
  if (LITERAL_PLACES.has(stop.place)) {
    complete.push(made('chunk', stop.from, stop.place));
    if (stop.place === 'item') complete.push(made('close_set', stop.from, 'item'));
  } else if (stop.place === 'membership') {
    complete.push(made('open_set', stop.from, 'membership'), made('close_set', stop.from, 'item'));
  } else if (stop.place === 'index' && isReadable && wantsIndex(complete.at(-1))) {
    if (complete.at(-1)?.type === 'open_index') complete.push(made('chunk', stop.from, 'index'));
    complete.push(made('close_index', stop.from, 'index'));
  } else if (stop.place !== 'operator' || !isReadable) {
    // Back to an operand that was followed by `and`, `or`, `xor` or a comma, and so was whole.
    let after = complete.pop();
    while (after !== undefined && !(CONNECTIVES.has(after.type) && endsOperand(complete.at(-1))))
      after = complete.pop();
  }
  for (let open = openBrackets(complete).length; open > 0; open--) complete.push(made('close', stop.from, 'operator'));
  return complete;
}

/** There is no index, or something that will turn out to be none. A right one would make what follows it the mistake. */
function wantsIndex(last: Token | undefined): boolean {
  return last?.type === 'open_index' || (last?.type === 'chunk' && !/^[0-9]+$/.test(last.text));
}

const CONNECTIVES: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'comma']);

/** The brackets that are open after these tokens, outermost first. */
export function openBrackets(tokens: readonly Token[]): readonly Token[] {
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.type === 'open' || token.type === 'open_arguments') open.push(token);
    else if (token.type === 'close') open.pop();
  }
  return open;
}

const OPERAND_ENDS: ReadonlySet<string> = new Set([
  'name',
  'word',
  'close',
  'close_index',
  'close_set',
  'list',
  'raw',
  'regex',
]);

function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.type === 'string' || token.type === 'chunk') return token.place === 'literal' || token.place === 'argument';
  return OPERAND_ENDS.has(token.type);
}

function made(type: string, at: number, place: Place): Token {
  return { type, text: '', span: span(at, at), place };
}
