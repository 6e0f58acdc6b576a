// A formula as chains. An nft rule is a conjunction that falls through when it fails, so a formula becomes a graph of
// chains, each left by the first rule that holds; a negation only swaps the two ways out, which makes it hold for absent
// fields too without naming them. Everything is reached by `goto` from one `jump` in the base chain: the end of any
// chain returns there, to the next rule of the policy.

import type { Test } from '../../ir/formula';
import type { Mixed } from './partition';

/** The base chain, the jump and fifteen more: NFT_JUMP_STACK_SIZE counts goto as well as jump (EMLINK beyond). */
const MOST_LEVELS = 12;
/** Kernels before 2026 walk every path through the chains at each commit; some hundred rules stay cheap there. */
const MOST_RULES = 256;
/**
 * A rule has at most 128 expressions (NFT_RULE_MAXEXPRS), of less than 4,096 bytes together (dlen of struct nft_rule):
 * payload, bitwise and lookup of one test take 144.
 */
export const MOST_LEAVES = 24;

export type Leaf = Test | Extract<Mixed, { kind: 'program' }>;

/** A chain of the graph; rule i is tried when those before it did not hold. */
export interface Block {
  readonly rules: readonly BlockRule[];
}

export interface BlockRule {
  readonly leaves: readonly Leaf[];
  readonly to: Exit;
}

/** `match` and `miss` end the formula, a number is the next block. */
export type Exit = 'match' | 'miss' | number;

/** The entry first, the others in any order; undefined when the formula is too large for chains. */
export function controlFlow(formula: Mixed): readonly Block[] | undefined {
  const blocks: BlockRule[][] = [[]];
  const spent = { rules: 0 };
  place(formula, 0, 'match', 'miss', { blocks, spent });
  if (spent.rules > MOST_RULES || levels(blocks, 0) > MOST_LEVELS) return undefined;
  return blocks.map(rules => ({ rules }));
}

interface Drawing {
  readonly blocks: BlockRule[][];
  readonly spent: { rules: number };
}

/** Continues block `at` so that it is left for `yes` where the formula holds and for `no` where it does not. */
function place(formula: Mixed, at: number, yes: Exit, no: Exit, drawing: Drawing): void {
  if (drawing.spent.rules > MOST_RULES) return;
  switch (formula.kind) {
    case 'constant':
      add(at, [], formula.value ? yes : no, drawing);
      break;
    case 'test':
    case 'program':
      add(at, [formula], yes, drawing);
      add(at, [], no, drawing);
      break;
    case 'not':
      place(formula.operand, at, no, yes, drawing);
      break;
    case 'and':
      placeAnd(formula.operands, at, yes, no, drawing);
      break;
    case 'or':
      placeOr(formula.operands, at, yes, no, drawing);
      break;
    case 'xor':
      placeXor(formula.operands, at, yes, no, drawing);
      break;
  }
}

/** As many plain operands as go into it are one rule; what else there is comes behind it. */
function placeAnd(operands: readonly Mixed[], at: number, yes: Exit, no: Exit, drawing: Drawing): void {
  const leaves = operands.filter(isLeaf);
  const others = operands.filter(operand => !isLeaf(operand));
  const held = leaves.slice(0, MOST_LEAVES);
  const rest = [...leaves.slice(MOST_LEAVES), ...others];
  if (held.length === 0) {
    placeInTurn(others, at, yes, no, drawing);
    return;
  }
  const next = rest.length === 0 ? yes : open(drawing);
  add(at, held, next, drawing);
  add(at, [], no, drawing);
  if (rest.length > 0 && typeof next === 'number') placeAnd(rest, next, yes, no, drawing);
}

/** Conditions in a row, each in a block of its own. */
function placeInTurn(operands: readonly Mixed[], at: number, yes: Exit, no: Exit, drawing: Drawing): void {
  let block = at;
  for (const [index, operand] of operands.entries()) {
    const next = index === operands.length - 1 ? yes : open(drawing);
    place(operand, block, next, no, drawing);
    if (typeof next === 'number') block = next;
  }
}

/** Alternatives that are one rule each share the block; the others follow, each in the one where the last missed. */
function placeOr(operands: readonly Mixed[], at: number, yes: Exit, no: Exit, drawing: Drawing): void {
  const others: Mixed[] = [];
  for (const operand of operands) {
    const leaves = asConjunction(operand);
    if (leaves === undefined) others.push(operand);
    else add(at, leaves, yes, drawing);
  }
  if (others.length === 0) add(at, [], no, drawing);
  let block = at;
  for (const [index, operand] of others.entries()) {
    const next = index === others.length - 1 ? no : open(drawing);
    place(operand, block, yes, next, drawing);
    if (typeof next === 'number') block = next;
  }
}

/** Two states, even and odd, after each operand. */
function placeXor(operands: readonly Mixed[], at: number, yes: Exit, no: Exit, drawing: Drawing): void {
  let even = at;
  let odd: number | undefined;
  for (const [index, operand] of operands.entries()) {
    const last = index === operands.length - 1;
    const nextEven = last ? no : open(drawing);
    const nextOdd = last ? yes : open(drawing);
    place(operand, even, nextOdd, nextEven, drawing);
    if (odd !== undefined) place(operand, odd, nextEven, nextOdd, drawing);
    if (typeof nextEven !== 'number' || typeof nextOdd !== 'number') return;
    even = nextEven;
    odd = nextOdd;
  }
}

function isLeaf(formula: Mixed): formula is Leaf {
  return formula.kind === 'test' || formula.kind === 'program';
}

function asConjunction(formula: Mixed): readonly Leaf[] | undefined {
  if (isLeaf(formula)) return [formula];
  if (formula.kind !== 'and' || formula.operands.length > MOST_LEAVES) return undefined;
  return formula.operands.every(isLeaf) ? formula.operands : undefined;
}

function open({ blocks }: Drawing): number {
  return blocks.push([]) - 1;
}

function add(at: number, leaves: readonly Leaf[], to: Exit, { blocks, spent }: Drawing): void {
  spent.rules++;
  blocks[at]?.push({ leaves, to });
}

function levels(blocks: readonly (readonly BlockRule[])[], from: number, known = new Map<number, number>()): number {
  const seen = known.get(from);
  if (seen !== undefined) return seen;
  const below = (blocks[from] ?? []).map(({ to }) => (typeof to === 'number' ? levels(blocks, to, known) : 1));
  const depth = 1 + Math.max(0, ...below);
  known.set(from, depth);
  return depth;
}
