// YAML 1.2 (JSON is part of it) to a plain value that remembers where each part of it stood. What YAML has beyond JSON
// and would let a policy mean something other than it seems to is refused: duplicate keys, aliases, tags.

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { type Path, type Place, type PolicyProblem, pointer } from './policy-problem';

export interface PolicyDocument {
  readonly value: unknown;
  readonly problems: readonly PolicyProblem[];
  /** Of the value at a path; of the nearest part around it where nothing stands there. */
  placeOf(path: Path): Place;
  /** Of the key at the end of a path; of the value where it has no key. */
  keyPlaceOf(path: Path): Place;
  /** undefined where no scalar stands. */
  scalarAt(path: Path): ScalarText | undefined;
}

/** A scalar as it is written in the file. */
export interface ScalarText extends Place {
  readonly style: 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';
  /** Quotes, block header and indentation included. */
  readonly raw: string;
}

interface Part {
  readonly node: ParsedNode | null;
  readonly start: number;
  readonly keyStart: number | undefined;
}

interface Reading {
  readonly text: string;
  readonly lines: LineCounter;
  readonly parts: Map<string, Part>;
  readonly problems: PolicyProblem[];
}

export function readPolicyDocument(text: string): PolicyDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    // A policy has no numbers: account ids and refs of nothing but digits are text as they stand.
    customTags: tags => tags.filter(tag => typeof tag === 'string' || !/:(int|float)$/.test(tag.tag)),
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const reading: Reading = { text, lines, parts: new Map(), problems: [] };
  // After a syntax error the tree is a guess; nothing more is said about it.
  reportSyntax(reading, document.errors);
  const value = document.errors.length > 0 ? undefined : readPart(reading, [], partOf(document.contents, 0));
  return {
    value,
    problems: reading.problems,
    placeOf: path => place(reading, nearest(reading, path).start),
    keyPlaceOf: path => {
      const part = nearest(reading, path);
      return place(reading, part.keyStart ?? part.start);
    },
    scalarAt: path => scalarText(reading, path),
  };
}

/** The parser runs out of stack on a file of brackets, and says so once per bracket. */
function reportSyntax(reading: Reading, errors: readonly YAMLParseError[]): void {
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  for (const error of tooDeep === undefined ? errors : [tooDeep]) {
    report(reading, [], error.pos[0], {
      code: 'policy.syntax',
      message: error === tooDeep ? 'brackets nested too deeply' : error.message,
      cure: 'mend the YAML or JSON at this place',
    });
  }
}

function readPart(reading: Reading, path: Path, part: Part): unknown {
  const { node, start } = part;
  reading.parts.set(pointer(path), part);
  if (node === null) return null;
  if (isAlias(node)) {
    report(reading, path, start, {
      code: 'policy.yaml-feature',
      message: `*${node.source} is an alias`,
      cure: 'write out the value it stands for',
    });
    return undefined;
  }
  if (node.tag !== undefined) {
    report(reading, path, start, {
      code: 'policy.yaml-feature',
      message: `${node.tag} is a tag`,
      cure: 'write the value without it',
    });
    return undefined;
  }
  if (isMap(node)) return readMap(reading, path, node);
  if (isSeq(node)) return node.items.map((item, index) => readPart(reading, [...path, index], partOf(item, start)));
  return node.value;
}

function readMap(reading: Reading, path: Path, map: YAMLMap.Parsed): Record<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const { key, value } of map.items) {
    const [keyStart, keyEnd] = key.range;
    // zod passes over __proto__ without a word.
    if (!isScalar(key) || typeof key.value !== 'string' || key.value === '__proto__') {
      report(reading, path, keyStart, {
        code: 'policy.yaml-feature',
        message: `${reading.text.slice(keyStart, keyEnd)} cannot be a key`,
        cure: 'a key is text, which quotes make of a number, and not __proto__',
      });
    } else if (entries.has(key.value)) {
      report(reading, [...path, key.value], keyStart, {
        code: 'policy.duplicate-key',
        message: `the key "${key.value}" stands twice in one mapping`,
        cure: 'keep one of the two',
      });
    } else {
      entries.set(key.value, readPart(reading, [...path, key.value], partOf(value, keyEnd, keyStart)));
    }
  }
  return Object.fromEntries(entries);
}

/** `elsewhere`: where a value is missed that is not there. */
function partOf(node: ParsedNode | null, elsewhere: number, keyStart?: number): Part {
  return { node, start: node?.range[0] ?? elsewhere, keyStart };
}

type Finding = Pick<PolicyProblem, 'code' | 'message' | 'cure'>;

function report(reading: Reading, path: Path, offset: number, finding: Finding): void {
  reading.problems.push({ path: pointer(path), ...place(reading, offset), ...finding });
}

function place({ lines }: Reading, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function nearest({ parts }: Reading, path: Path): Part {
  for (let length = path.length; length >= 0; length--) {
    const part = parts.get(pointer(path.slice(0, length)));
    if (part !== undefined) return part;
  }
  return { node: null, start: 0, keyStart: undefined };
}

const STYLES: Readonly<Record<Scalar.Type, ScalarText['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single-quoted',
  QUOTE_DOUBLE: 'double-quoted',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

function scalarText(reading: Reading, path: Path): ScalarText | undefined {
  const node = reading.parts.get(pointer(path))?.node;
  if (!isScalar(node) || node?.range == null || node.type === undefined) return undefined;
  const [start, end] = node.range;
  return { ...place(reading, start), style: STYLES[node.type], raw: reading.text.slice(start, end) };
}
