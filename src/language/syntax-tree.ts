// What the grammar's rules yield, and its way into the AST: pairs of one operator become one node, brackets disappear,
// tokens become names and literals. Recursion here is bounded by the nesting limit; chains are walked in loops.

import { invariant, unreachable } from '../diagnostic/invariant';
import { join, type Span } from '../diagnostic/span';
import type * as ast from './ast';
import { operatorOf } from './operator-spelling';
import type { Token } from './token';

/** A token by its place: texts of the same kinds of tokens in the same order have one tree. */
export interface Leaf {
  readonly index: number;
}

export type Tree = Pair | NotTree | Group | QuantifierTree | TruthTree | ComparisonTree;

interface Pair {
  readonly kind: ast.LogicalOperator;
  readonly left: Tree;
  readonly right: Tree;
}

interface NotTree {
  readonly kind: 'not';
  readonly not: Leaf;
  readonly operand: Tree;
}

interface Group {
  readonly kind: 'group';
  readonly open: Leaf;
  readonly inner: Tree;
  readonly close: Leaf;
}

interface QuantifierTree {
  readonly kind: 'quantifier';
  readonly quantifier: Leaf;
  readonly argument: ArgumentTree;
  readonly close: Leaf;
}

interface TruthTree {
  readonly kind: 'truth';
  readonly value: ValueTree;
}

interface ComparisonTree {
  readonly kind: 'comparison';
  readonly value: ValueTree;
  readonly test: TestTree;
}

type TestTree =
  | { readonly kind: 'literal'; readonly operator: Leaf; readonly literal: Leaf }
  | { readonly kind: 'list'; readonly operator: Leaf; readonly list: Leaf }
  | {
      readonly kind: 'set';
      readonly operator: Leaf;
      readonly items: Linked<Leaf> | undefined;
      readonly close: Leaf;
    };

type ValueTree =
  | { readonly kind: 'name'; readonly name: Leaf }
  | {
      readonly kind: 'call';
      readonly name: Leaf;
      readonly open: Leaf;
      readonly arguments: Linked<ArgumentTree> | undefined;
      readonly close: Leaf;
    }
  | { readonly kind: 'step'; readonly value: ValueTree; readonly step: Leaf; readonly close: Leaf };

type ArgumentTree =
  | { readonly kind: 'value'; readonly value: ValueTree }
  | { readonly kind: 'formula'; readonly formula: Tree }
  | { readonly kind: 'literal'; readonly literal: Leaf };

/** A list as the grammar grows it: the last item first. */
interface Linked<Item> {
  readonly before: Linked<Item> | undefined;
  readonly item: Item;
}

/** `tokens` are those of the text; the tree's leaves say which stands where. */
export function formula(tree: Tree, tokens: readonly Token[]): ast.Formula {
  return placed(tree, tokens).formula;
}

function token({ index }: Leaf, tokens: readonly Token[]): Token {
  const found = tokens[index];
  invariant(found !== undefined, 'a tree has no more leaves than its text has tokens');
  return found;
}

function spanOf(leaf: Leaf, tokens: readonly Token[]): Span {
  return token(leaf, tokens).span;
}

/** A formula and the place it takes with its brackets, which its own span does not count. */
interface Placed {
  readonly formula: ast.Formula;
  readonly extent: Span;
}

function placed(tree: Tree, tokens: readonly Token[]): Placed {
  switch (tree.kind) {
    case 'group': {
      const extent = join(spanOf(tree.open, tokens), spanOf(tree.close, tokens));
      return { formula: placed(tree.inner, tokens).formula, extent };
    }
    case 'and':
    case 'xor':
    case 'or': {
      const operands = run(tree, tree.kind).map(each => placed(each, tokens));
      const span = join(endpoint(operands, 0), endpoint(operands, -1));
      return { formula: { kind: tree.kind, operands: operands.map(each => each.formula), span }, extent: span };
    }
    case 'not': {
      const operand = placed(tree.operand, tokens);
      const span = join(spanOf(tree.not, tokens), operand.extent);
      return { formula: { kind: 'not', operand: operand.formula, span }, extent: span };
    }
    case 'quantifier': {
      const quantifier = token(tree.quantifier, tokens);
      const span = join(quantifier.span, spanOf(tree.close, tokens));
      const kind = quantifier.text === 'any' ? 'any' : 'all';
      return { formula: { kind, argument: argument(tree.argument, tokens), span }, extent: span };
    }
    case 'truth': {
      const operand = value(tree.value, tokens);
      return { formula: { kind: 'truth', value: operand, span: operand.span }, extent: operand.span };
    }
    case 'comparison': {
      const left = value(tree.value, tokens);
      const span = join(left.span, spanOf(lastLeaf(tree.test), tokens));
      return { formula: { kind: 'comparison', left, test: test(tree.test, tokens), span }, extent: span };
    }
    default:
      return unreachable(tree);
  }
}

function endpoint(operands: readonly Placed[], index: 0 | -1): Span {
  return operands.at(index)?.extent ?? { start: 0, end: 0 };
}

/** The operands of left-nested pairs of one operator, in order. */
function run(tree: Tree, operator: ast.LogicalOperator): Tree[] {
  const operands: Tree[] = [];
  let rest = tree;
  while (rest.kind === operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  operands.push(rest);
  return operands.reverse();
}

function lastLeaf(tree: TestTree): Leaf {
  if (tree.kind === 'literal') return tree.literal;
  return tree.kind === 'list' ? tree.list : tree.close;
}

function test(tree: TestTree, tokens: readonly Token[]): ast.Test {
  const { text, span: operatorSpan } = token(tree.operator, tokens);
  switch (tree.kind) {
    case 'literal': {
      const right = literal(token(tree.literal, tokens));
      return { kind: 'literal', operator: operatorOf(text), right, operatorSpan };
    }
    case 'list': {
      const list = token(tree.list, tokens);
      return { kind: 'list', name: list.text.slice(1), nameSpan: list.span, operatorSpan };
    }
    case 'set':
      return { kind: 'set', items: items(tree.items).map(item => literal(token(item, tokens))), operatorSpan };
    default:
      return unreachable(tree);
  }
}

function literal({ type, text, span }: Token): ast.LiteralText {
  return { kind: 'literal', form: type === 'raw' ? 'raw' : type === 'chunk' ? 'chunk' : 'quoted', text, span };
}

function value(tree: ValueTree, tokens: readonly Token[]): ast.Value {
  const path: ast.Step[] = [];
  let base = tree;
  while (base.kind === 'step') {
    const step = token(base.step, tokens);
    const start = spanOf(endLeaf(base.value), tokens).end;
    const span = { start, end: spanOf(base.close, tokens).end };
    path.push({ kind: stepKind(step), text: step.text, textSpan: step.span, span });
    base = base.value;
  }
  const named = base.kind === 'name' ? name(token(base.name, tokens)) : call(base, tokens);
  return { kind: 'value', base: named, path: path.reverse(), span: join(named.span, spanOf(endLeaf(tree), tokens)) };
}

function endLeaf(tree: ValueTree): Leaf {
  return tree.kind === 'name' ? tree.name : tree.close;
}

function stepKind(token: Token): ast.Step['kind'] {
  if (token.type === 'star') return 'each';
  return token.type === 'string' ? 'quoted' : 'chunk';
}

function name({ type, text, span }: Token): ast.Name {
  return { kind: 'name', name: text, perhapsLiteral: type === 'word', span };
}

function call(tree: Extract<ValueTree, { kind: 'call' }>, tokens: readonly Token[]): ast.Call {
  const callee = token(tree.name, tokens);
  const close = spanOf(tree.close, tokens);
  return {
    kind: 'call',
    name: callee.text,
    nameSpan: callee.span,
    arguments: items(tree.arguments).map(each => argument(each, tokens)),
    argumentsSpan: join(spanOf(tree.open, tokens), close),
    span: join(callee.span, close),
  };
}

function argument(tree: ArgumentTree, tokens: readonly Token[]): ast.Argument {
  switch (tree.kind) {
    case 'value':
      return value(tree.value, tokens);
    case 'literal':
      return literal(token(tree.literal, tokens));
    case 'formula': {
      const inner = placed(tree.formula, tokens);
      return { kind: 'formula', formula: inner.formula, span: inner.extent };
    }
    default:
      return unreachable(tree);
  }
}

function items<Item>(list: Linked<Item> | undefined): Item[] {
  const found: Item[] = [];
  for (let rest = list; rest !== undefined; rest = rest.before) found.push(rest.item);
  return found.reverse();
}
