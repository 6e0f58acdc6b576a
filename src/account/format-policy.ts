// A policy file with its expressions written anew: everything else, comments, order and quoting, stays as it is. YAML's
// concrete syntax tree is edited and written out again, so that nothing is lost that the values do not show.

import { Composer, CST, isMap, isScalar, isSeq, type ParsedNode, Parser, type Scalar } from 'yaml';
import { invariant } from '../diagnostic/invariant';
import { parseAccount } from './parse-account';

/** An expression as it is to be written: over several lines, and where the file has no place for that. */
export interface NewText {
  readonly lines: string;
  readonly oneLine: string;
}

export interface FormattedPolicy {
  readonly text: string;
  /** The rules that were written anew, by their place in the policy. */
  readonly changed: readonly number[];
}

/** `text` is a valid policy; `format` gets each expression and keeps its meaning. */
export function formatPolicy(text: string, format: (expression: string) => NewText): FormattedPolicy {
  const tokens = [...new Parser().parse(text)];
  const [document] = [...new Composer({ schema: 'core', keepSourceTokens: true }).compose(tokens)];
  const scalars = document === undefined ? [] : expressionScalars(document.contents);
  const changed = scalars.flatMap(({ node, inFlow }, rule) => (rewrite(node, inFlow, format) ? [rule] : []));
  const result = tokens.map(token => CST.stringify(token)).join('');
  const before = expressionsOf(text);
  const after = expressionsOf(result);
  const isKept = before.every((expression, rule) => {
    const { lines, oneLine } = format(expression);
    const now = after[rule]?.trim();
    return changed.includes(rule) ? now === lines || now === oneLine : now === expression.trim();
  });
  invariant(isKept && before.length === after.length, 'a formatted policy has the expressions that it should have');
  return { text: result, changed };
}

interface ExpressionScalar {
  readonly node: Scalar.Parsed;
  /** In `{…}` or `[…]`, where nothing can stand on lines of its own. */
  readonly inFlow: boolean;
}

function expressionScalars(root: ParsedNode | null): readonly ExpressionScalar[] {
  const rules = isMap(root) ? root.get('rules', true) : undefined;
  if (!isMap(root) || !isSeq(rules)) return [];
  return rules.items.flatMap(rule => {
    const node = isMap(rule) ? rule.get('expression', true) : undefined;
    const inFlow = [root, rules, rule].some(each => (isMap(each) || isSeq(each) ? each.flow === true : false));
    return isScalar(node) ? [{ node: node as Scalar.Parsed, inFlow }] : [];
  });
}

function rewrite(
  { value, srcToken }: Scalar.Parsed,
  inFlow: boolean,
  format: (expression: string) => NewText,
): boolean {
  // Plain `true` is an expression too.
  const expression = String(value);
  const { lines, oneLine } = format(expression);
  const wanted = inFlow || !isPrintable(lines) ? oneLine : lines;
  if (expression.trim() === wanted) return false;
  invariant(CST.isScalar(srcToken), 'the parser keeps the token of each scalar');
  const type = styleFor(srcToken, wanted, inFlow);
  // A block keeps the line breaks that it ends with, and so its header.
  const end = type === 'BLOCK_LITERAL' ? (/\n*$/.exec(expression)?.[0] ?? '') : '';
  CST.setScalarValue(srcToken, wanted + end, { afterKey: true, inFlow, type });
  return true;
}

function styleFor(token: CST.FlowScalar | CST.BlockScalar, text: string, inFlow: boolean): Scalar.Type {
  if (!isPrintable(text)) return 'QUOTE_DOUBLE';
  if (token.type === 'block-scalar' || (text.includes('\n') && !inFlow)) return 'BLOCK_LITERAL';
  if (token.type === 'double-quoted-scalar') return 'QUOTE_DOUBLE';
  return token.type === 'single-quoted-scalar' ? 'QUOTE_SINGLE' : 'PLAIN';
}

/** YAML 1.2.2 chapter 5.1: what can stand in a block without escapes. */
function isPrintable(text: string): boolean {
  return /^[\n\x20-\x7e\u00a0-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);
}

function expressionsOf(text: string): readonly string[] {
  const reading = parseAccount(text);
  invariant(reading.kind === 'account', 'only a valid policy is formatted, and it stays one');
  return reading.account.rules.map(({ expression }) => expression);
}
