// What is wrong with a policy file, at which of its places, and what to write instead. Reading a policy collects all
// problems; none of it is used while there is one.

export type PolicyProblemCode =
  /** Neither YAML nor JSON. */
  | 'policy.syntax'
  /** YAML that a policy has no use for: aliases, tags, keys that are no text. */
  | 'policy.yaml-feature'
  | 'policy.duplicate-key'
  | 'policy.unknown-key'
  | 'policy.missing'
  | 'policy.type'
  | 'policy.value'
  | 'policy.list-item'
  | 'policy.duplicate-ref'
  /** The same thing described twice, or two that cannot stand beside each other. */
  | 'policy.conflict'
  /** A name that the document gives to nothing. */
  | 'policy.unknown-name'
  | 'policy.limit';

/** Where a character of the file stands. */
export interface Place {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units, as editors count. */
  readonly column: number;
}

export interface PolicyProblem extends Place {
  readonly code: PolicyProblemCode;
  /** JSON pointer (RFC 6901), such as /rules/1/expression; '' is the whole file. */
  readonly path: string;
  readonly message: string;
  readonly cure: string;
}

export type Path = readonly (string | number)[];

export function pointer(path: Path): string {
  return path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function fileTooLarge(bytes: number, limit: number): PolicyProblem {
  return {
    code: 'policy.limit',
    path: '',
    line: 1,
    column: 1,
    message: `the file has ${bytes} bytes, and a policy may have ${limit}`,
    cure: 'shorten it, or have the limit raised',
  };
}
