// Reduced ordered binary decision diagrams (Bryant 1986) with complement edges (Brace, Rudell, Bryant 1990). Nodes lie
// in growing arrays and each exists once, so that two functions are equal where their edges are the same number.
// Nothing recurses: a diagram may be as deep as a payload has bits.

/** Twice a node's index, plus one where the function is the node's complement. */
export type Edge = number;

export const ONE: Edge = 0;
export const ZERO: Edge = 1;
/** What every operation gives once the steps are used up, and whatever is made from it. */
export const SPENT: Edge = -1;

const TERMINAL_LEVEL = 0x7fffffff;
const FIRST_CAPACITY = 1 << 12;
/** 12 bytes each, and as much again in the tables beside them. */
const MOST_NODES = 1 << 24;
const MOST_CACHED = 1 << 20;

const AND = 0;
const XOR = 1;
type Operation = typeof AND | typeof XOR;

/** No edge: a result that has yet to be computed. */
const UNKNOWN = -2;

export class Diagrams {
  /** Steps taken so far: one for each pair of nodes that an operation looked at and did not know yet. */
  steps = 0;
  private allowed = Number.POSITIVE_INFINITY;
  private count = 1;
  private levels = new Int32Array(FIRST_CAPACITY).fill(TERMINAL_LEVEL, 0, 1);
  private lows = new Int32Array(FIRST_CAPACITY);
  private highs = new Int32Array(FIRST_CAPACITY);
  /** Open addressing over node indices; 0 is free, as the terminal is never looked up. */
  private unique = new Int32Array(FIRST_CAPACITY * 2);
  private conjunctions = new Results();
  private parities = new Results();
  private tasks = new Int32Array(FIRST_CAPACITY);
  private results = new Int32Array(FIRST_CAPACITY);

  /** From here on so many steps may be taken. */
  allow(steps: number): void {
    this.allowed = this.steps + steps;
  }

  /** The function that is true where the variable is. Lower levels are decided first. */
  variable(level: number): Edge {
    return this.node(level, ZERO, ONE);
  }

  /** `high` where `f` is true, else `low`. */
  choose(f: Edge, low: Edge, high: Edge): Edge {
    if (f === SPENT || low === SPENT || high === SPENT) return SPENT;
    const level = this.levelOf(f);
    const isVariable = this.low(f) === ZERO && this.high(f) === ONE;
    if (isVariable && this.levelOf(low) > level && this.levelOf(high) > level) return this.node(level, low, high);
    return this.or(this.and(f, high), this.and(this.not(f), low));
  }

  not(f: Edge): Edge {
    return f === SPENT ? SPENT : f ^ 1;
  }

  and(f: Edge, g: Edge): Edge {
    return this.apply(AND, f, g);
  }

  or(f: Edge, g: Edge): Edge {
    return this.not(this.apply(AND, this.not(f), this.not(g)));
  }

  xor(f: Edge, g: Edge): Edge {
    return this.apply(XOR, f, g);
  }

  /** What is in `f` and not in `g`. */
  minus(f: Edge, g: Edge): Edge {
    return this.apply(AND, f, this.not(g));
  }

  /** Where the other is not known, nothing is taken away: what is left then may be too much, never too little. */
  minusKnown(f: Edge, other: Edge): Edge {
    return other === SPENT ? f : this.minus(f, other);
  }

  every(edges: readonly Edge[]): Edge {
    return edges.reduce((all, edge) => this.and(all, edge), ONE);
  }

  some(edges: readonly Edge[]): Edge {
    return edges.reduce((any, edge) => this.or(any, edge), ZERO);
  }

  /** The level of the variable that is decided first; beyond every level for the constants. */
  levelOf(f: Edge): number {
    return this.levels[f >> 1] as number;
  }

  low(f: Edge): Edge {
    return (this.lows[f >> 1] as number) ^ (f & 1);
  }

  high(f: Edge): Edge {
    return (this.highs[f >> 1] as number) ^ (f & 1);
  }

  private node(level: number, low: Edge, high: Edge): Edge {
    if (low === high) return low;
    // Of a function and its complement only the one with a plain high edge is stored.
    return high & 1 ? this.stored(level, low ^ 1, high ^ 1) ^ 1 : this.stored(level, low, high);
  }

  private stored(level: number, low: Edge, high: Edge): Edge {
    const { levels, lows, highs } = this;
    const mask = this.unique.length - 1;
    let slot = hash(level, low, high) & mask;
    for (let index = this.unique[slot] as number; index !== 0; index = this.unique[slot] as number) {
      if (levels[index] === level && lows[index] === low && highs[index] === high) return index << 1;
      slot = (slot + 1) & mask;
    }
    const index = this.count++;
    this.unique[slot] = index;
    if (index === levels.length) this.grow();
    this.levels[index] = level;
    this.lows[index] = low;
    this.highs[index] = high;
    if (this.count * 2 > this.unique.length) this.rehash(this.unique.length * 2);
    return index << 1;
  }

  private grow(): void {
    this.levels = doubled(this.levels);
    this.lows = doubled(this.lows);
    this.highs = doubled(this.highs);
  }

  private rehash(length: number): void {
    const mask = length - 1;
    this.unique = new Int32Array(length);
    for (let index = 1; index < this.count; index++) {
      let slot = hash(this.levels[index] as number, this.lows[index] as number, this.highs[index] as number) & mask;
      while (this.unique[slot] !== 0) slot = (slot + 1) & mask;
      this.unique[slot] = index;
    }
  }

  private apply(operation: Operation, f: Edge, g: Edge): Edge {
    if (f === SPENT || g === SPENT) return SPENT;
    const known = operation === AND ? this.conjunctions : this.parities;
    const found = this.settled(operation, known, f, g);
    if (found !== UNKNOWN) return found;
    // Tasks in threes: two operands, and the level of the node that their results make, or that they are to be computed.
    let depth = this.push(0, f, g, COMPUTE);
    let results = 0;
    while (depth > 0) {
      depth -= 3;
      const left = this.tasks[depth] as Edge;
      const right = this.tasks[depth + 1] as Edge;
      const task = this.tasks[depth + 2] as number;
      if (task !== COMPUTE) {
        results--;
        const result = this.node(task, this.results[results - 1] as Edge, this.results[results] as Edge);
        known.put(left, right, result);
        this.results[results - 1] = result;
        continue;
      }
      const settled = this.settled(operation, known, left, right);
      if (settled !== UNKNOWN) {
        this.results[results++] = settled;
        continue;
      }
      if (++this.steps > this.allowed || this.count >= MOST_NODES) return SPENT;
      depth = this.expand(depth, left, right);
    }
    known.fit(this.count);
    return this.results[0] as Edge;
  }

  private settled(operation: Operation, known: Results, f: Edge, g: Edge): Edge {
    const obvious = operation === AND ? andOf(f, g) : xorOf(f, g);
    return obvious === UNKNOWN ? known.get(f, g) : obvious;
  }

  /** Tasks for both halves, low first, and for the node above them. */
  private expand(depth: number, left: Edge, right: Edge): number {
    const leftLevel = this.levelOf(left);
    const rightLevel = this.levelOf(right);
    const level = leftLevel < rightLevel ? leftLevel : rightLevel;
    const splitsLeft = leftLevel === level;
    const splitsRight = rightLevel === level;
    let deeper = this.push(depth, left, right, level);
    deeper = this.push(deeper, splitsLeft ? this.high(left) : left, splitsRight ? this.high(right) : right, COMPUTE);
    return this.push(deeper, splitsLeft ? this.low(left) : left, splitsRight ? this.low(right) : right, COMPUTE);
  }

  private push(depth: number, left: Edge, right: Edge, task: number): number {
    if (depth + 3 > this.tasks.length) {
      this.tasks = doubled(this.tasks);
      this.results = doubled(this.results);
    }
    this.tasks[depth] = left;
    this.tasks[depth + 1] = right;
    this.tasks[depth + 2] = task;
    return depth + 3;
  }
}

/** A task that is no level. */
const COMPUTE = -1;

function andOf(f: Edge, g: Edge): Edge {
  if (f === ZERO || g === ZERO || f === (g ^ 1)) return ZERO;
  if (f === ONE || f === g) return g;
  return g === ONE ? f : UNKNOWN;
}

function xorOf(f: Edge, g: Edge): Edge {
  if (f === g) return ZERO;
  if (f === (g ^ 1)) return ONE;
  if (f <= ZERO) return f === ONE ? g ^ 1 : g;
  if (g <= ZERO) return g === ONE ? f ^ 1 : f;
  return UNKNOWN;
}

/** Results of one commutative operation by its operands. It may forget: a later result takes an earlier one's place. */
class Results {
  private entries = new Int32Array(FIRST_CAPACITY * 3).fill(UNKNOWN);
  private mask = FIRST_CAPACITY - 1;

  get(f: Edge, g: Edge): Edge {
    const least = f < g ? f : g;
    const most = f < g ? g : f;
    const slot = (hash(0, least, most) & this.mask) * 3;
    return this.entries[slot] === least && this.entries[slot + 1] === most ? (this.entries[slot + 2] as Edge) : UNKNOWN;
  }

  put(f: Edge, g: Edge, value: Edge): void {
    const least = f < g ? f : g;
    const most = f < g ? g : f;
    const slot = (hash(0, least, most) & this.mask) * 3;
    this.entries[slot] = least;
    this.entries[slot + 1] = most;
    this.entries[slot + 2] = value;
  }

  /** Grows along with the nodes; what it knew is forgotten. */
  fit(nodes: number): void {
    const capacity = this.mask + 1;
    if (nodes <= capacity || capacity >= MOST_CACHED) return;
    this.entries = new Int32Array(capacity * 4 * 3).fill(UNKNOWN);
    this.mask = capacity * 4 - 1;
  }
}

function hash(a: number, b: number, c: number): number {
  const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
