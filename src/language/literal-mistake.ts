// What people who know other languages write in a literal's place: single quotes, commas in sets, a set or list after `==`.

import type { Mistake } from '../diagnostic/diagnostic';
import { SIGNS } from './operator-mistake';
import type { Token } from './token';
import type { Tokens } from './tokenize';

/** undefined when nothing better can be said than that a literal was expected. */
export function literalMistake(source: string, { tokens, stop, extent }: Tokens): Mistake | undefined {
  const text = source.slice(stop.at, extent.end);
  const quoted = /^['`‘’“”]([^'`‘’“”\n]*)['`‘’“”]/.exec(text);
  if (quoted !== null) return { problem: 'otherQuotes', words: { corrected: `"${quoted[1] ?? ''}"` } };
  if (stop.place === 'item') return itemMistake(source, text, tokens, stop.at);
  return stop.place === 'literal' ? rightSideMistake(text, tokens, stop.at) : undefined;
}

function itemMistake(source: string, text: string, tokens: readonly Token[], at: number): Mistake | undefined {
  if (text.startsWith('\t')) return { problem: 'tab', words: {} };
  const open = tokens.findLast(({ type }) => type === 'open_set');
  const list = /^\$[a-z0-9_.]+/.exec(text)?.[0];
  if (list !== undefined && open !== undefined) {
    return { problem: 'listInSet', words: { corrected: `${leftOf(tokens, open)} in ${list}` } };
  }
  if (!/^[,;]/.test(text) || open === undefined) return undefined;
  const rest = /^[^{}"]*(?=\})/.exec(text)?.[0];
  const items = `${source.slice(open.span.end, at)}${rest ?? ''}`.split(/[,;\s]+/).filter(item => item !== '');
  const short = rest !== undefined && items.length <= MOST_ITEMS;
  return { problem: 'commaInSet', words: { corrected: short ? `{${items.join(' ')}}` : '{80 443}' } };
}

/** More would be no help to read. */
const MOST_ITEMS = 8;

function rightSideMistake(text: string, tokens: readonly Token[], at: number): Mistake | undefined {
  const operator = tokens.at(-1);
  if (operator === undefined) return undefined;
  const sign = operator.span.end === at ? (/^[=<>!~]+/.exec(text)?.[0] ?? '') : '';
  const meant = sign === '' ? undefined : SIGNS.get(operator.text + sign);
  if (meant !== undefined) return { problem: 'singleSign', words: { operator: meant } };
  const members = /^\{[^{}]*\}|^\$[a-z0-9_.]+/.exec(text)?.[0];
  if (members === undefined || !EQUALITY.has(operator.text)) return undefined;
  const not = operator.text === '!=' || operator.text === 'ne' ? 'not ' : '';
  const corrected = `${not}${leftOf(tokens, operator)} in ${members.replaceAll(/,\s*/g, ' ')}`;
  return { problem: 'oneValueOnly', words: { operator: operator.text, corrected } };
}

const EQUALITY: ReadonlySet<string> = new Set(['==', 'eq', '!=', 'ne']);

/** The name before an operator or a set; a call or an index is not repeated. */
function leftOf(tokens: readonly Token[], until: Token): string {
  const before = tokens.slice(0, tokens.indexOf(until));
  const left = before.findLast(({ type }) => type !== 'member');
  return left?.type === 'name' || left?.type === 'word' ? left.text : '…';
}
