// A row of the catalogue: what one code says. {words} in message and cure are filled by diagnostic().

export type ErrorKind =
  | 'ExpectedName'
  | 'ExpectedLiteral'
  | 'ParseInt'
  | 'ParseNetwork'
  | 'ParseRegex'
  | 'ParseWildcard'
  | 'InvalidCharacterEscape'
  | 'InvalidRawStringHashCount'
  | 'MissingEndingQuote'
  | 'CountMismatch'
  | 'UnknownIdentifier'
  | 'UnsupportedOp'
  | 'IncompatibleRangeBounds'
  | 'EOF'
  | 'InvalidArgumentsCount'
  | 'InvalidArgumentKind'
  | 'InvalidArgumentType'
  | 'InvalidArgumentValue'
  | 'InvalidIndexAccess'
  | 'TypeMismatch'
  | 'InvalidMapEachAccess'
  | 'InvalidListName'
  | 'NestingLimitExceeded'
  /** Rampart's own: Wirefilter has no limit of length. */
  | 'LengthLimitExceeded';

/** Rampart's own: Wirefilter has no warnings. */
export type WarningKind =
  | 'AbsentField'
  | 'OtherFamily'
  | 'NeverMatches'
  | 'AlwaysMatches'
  | 'Deprecated'
  | 'OctalNumber'
  | 'ImpossibleValue'
  | 'UnknownProtocol'
  | 'EmptySet';

interface Row<Kind> {
  readonly code: string;
  readonly kind: Kind;
  readonly message: string;
  readonly cure: string;
  /** An expression that shows it. */
  readonly example: string;
}

export type ErrorRow = Row<ErrorKind>;
export type WarningRow = Row<WarningKind>;
