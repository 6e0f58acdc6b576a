// What the grammar's rules yield, and its way into the AST: pairs of one operator become one node, brackets disappear,
// tokens become names and literals. Recursion here is bounded by the nesting limit; chains are walked in loops.

import { unreachable } from '../diagnostic/invariant';
import { join, type Span } from '../diagnostic/span';
import type * as ast from './ast';
import { operatorOf } from './operator-spelling';
import type { Token } from './tokenize';

export type Tree = Pair | NotTree | Group | QuantifierTree | TruthTree | ComparisonTree;

interface Pair {
  readonly kind: ast.LogicalOperator;
  readonly left: Tree;
  readonly right: Tree;
}

interface NotTree {
  readonly kind: 'not';
  readonly not: Token;
  readonly operand: Tree;
}

interface Group {
  readonly kind: 'group';
  readonly open: Token;
  readonly inner: Tree;
  readonly close: Token;
}

interface QuantifierTree {
  readonly kind: 'quantifier';
  readonly quantifier: Token;
  readonly argument: ArgumentTree;
  readonly close: Token;
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
  | { readonly kind: 'literal'; readonly operator: Token; readonly literal: Token }
  | { readonly kind: 'list'; readonly operator: Token; readonly list: Token }
  | {
      readonly kind: 'set';
      readonly operator: Token;
      readonly items: Linked<Token> | undefined;
      readonly close: Token;
    };

type ValueTree =
  | { readonly kind: 'name'; readonly name: Token }
  | {
      readonly kind: 'call';
      readonly name: Token;
      readonly open: Token;
      readonly arguments: Linked<ArgumentTree> | undefined;
      readonly close: Token;
    }
  | { readonly kind: 'step'; readonly value: ValueTree; readonly step: Token; readonly close: Token };

type ArgumentTree =
  | { readonly kind: 'value'; readonly value: ValueTree }
  | { readonly kind: 'formula'; readonly formula: Tree }
  | { readonly kind: 'literal'; readonly literal: Token };

/** A list as the grammar grows it: the last item first. */
interface Linked<Item> {
  readonly before: Linked<Item> | undefined;
  readonly item: Item;
}

export function formula(tree: Tree): ast.Formula {
  return placed(tree).formula;
}

/** A formula and the place it takes with its brackets, which its own span does not count. */
interface Placed {
  readonly formula: ast.Formula;
  readonly extent: Span;
}

function placed(tree: Tree): Placed {
  switch (tree.kind) {
    case 'group':
      return { formula: placed(tree.inner).formula, extent: join(tree.open.span, tree.close.span) };
    case 'and':
    case 'xor':
    case 'or': {
      const operands = run(tree, tree.kind).map(placed);
      const span = join(endpoint(operands, 0), endpoint(operands, -1));
      return { formula: { kind: tree.kind, operands: operands.map(each => each.formula), span }, extent: span };
    }
    case 'not': {
      const operand = placed(tree.operand);
      const span = join(tree.not.span, operand.extent);
      return { formula: { kind: 'not', operand: operand.formula, span }, extent: span };
    }
    case 'quantifier': {
      const span = join(tree.quantifier.span, tree.close.span);
      const kind = tree.quantifier.text === 'any' ? 'any' : 'all';
      return { formula: { kind, argument: argument(tree.argument), span }, extent: span };
    }
    case 'truth': {
      const operand = value(tree.value);
      return { formula: { kind: 'truth', value: operand, span: operand.span }, extent: operand.span };
    }
    case 'comparison': {
      const left = value(tree.value);
      const span = join(left.span, lastToken(tree.test).span);
      return { formula: { kind: 'comparison', left, test: test(tree.test), span }, extent: span };
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

function lastToken(tree: TestTree): Token {
  if (tree.kind === 'literal') return tree.literal;
  return tree.kind === 'list' ? tree.list : tree.close;
}

function test(tree: TestTree): ast.Test {
  const operatorSpan = tree.operator.span;
  switch (tree.kind) {
    case 'literal':
      return { kind: 'literal', operator: operatorOf(tree.operator.text), right: literal(tree.literal), operatorSpan };
    case 'list':
      return { kind: 'list', name: tree.list.text.slice(1), nameSpan: tree.list.span, operatorSpan };
    case 'set':
      return { kind: 'set', items: items(tree.items).map(literal), operatorSpan };
    default:
      return unreachable(tree);
  }
}

function literal({ type, text, span }: Token): ast.LiteralText {
  return { kind: 'literal', form: type === 'raw' ? 'raw' : type === 'chunk' ? 'chunk' : 'quoted', text, span };
}

function value(tree: ValueTree): ast.Value {
  const path: ast.Step[] = [];
  let base = tree;
  while (base.kind === 'step') {
    const { step, close } = base;
    const start = endToken(base.value).span.end;
    path.push({ kind: stepKind(step), text: step.text, textSpan: step.span, span: { start, end: close.span.end } });
    base = base.value;
  }
  const named = base.kind === 'name' ? name(base.name) : call(base);
  return { kind: 'value', base: named, path: path.reverse(), span: join(named.span, endToken(tree).span) };
}

function endToken(tree: ValueTree): Token {
  return tree.kind === 'name' ? tree.name : tree.close;
}

function stepKind(token: Token): ast.Step['kind'] {
  if (token.type === 'star') return 'each';
  return token.type === 'string' ? 'quoted' : 'chunk';
}

function name({ type, text, span }: Token): ast.Name {
  return { kind: 'name', name: text, perhapsLiteral: type === 'word', span };
}

function call(tree: Extract<ValueTree, { kind: 'call' }>): ast.Call {
  return {
    kind: 'call',
    name: tree.name.text,
    nameSpan: tree.name.span,
    arguments: items(tree.arguments).map(argument),
    argumentsSpan: join(tree.open.span, tree.close.span),
    span: join(tree.name.span, tree.close.span),
  };
}

function argument(tree: ArgumentTree): ast.Argument {
  switch (tree.kind) {
    case 'value':
      return value(tree.value);
    case 'literal':
      return literal(tree.literal);
    case 'formula': {
      const inner = placed(tree.formula);
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
