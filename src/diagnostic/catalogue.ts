// Every diagnostic of the language in one table: its stable code, Wirefilter's name for the kind of error, the message
// (Wirefilter's words where it has any), the cure, and an expression that shows it. {words} are filled by diagnostic().
// RF1xxx are about syntax, RF2xxx about names, types and what can be run, RF3xxx about literals. Codes are never reused.

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

export interface CatalogueEntry {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly cure: string;
  readonly example: string;
}

export type Problem = keyof typeof CATALOGUE;

export const CATALOGUE = {
  operandExpected: {
    code: 'RF1001',
    kind: 'ExpectedName',
    message: 'expected identifier character',
    cure: 'a condition begins here: a field, a function call, `not`, `any(…)`, `all(…)` or `(`',
    example: 'tcp.dstport == 80 and',
  },
  nameEndsInDot: {
    code: 'RF1002',
    kind: 'ExpectedName',
    message: 'expected identifier character',
    cure: 'a name has letters, digits or `_` after each dot and no space around it',
    example: 'tcp. dstport == 80',
  },
  trailingInput: {
    code: 'RF1003',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: 'the expression is complete before this; join conditions with `and`, `or` or `xor`',
    example: 'tcp.dstport == 80 443',
  },
  closingBracketExpected: {
    code: 'RF1004',
    kind: 'ExpectedLiteral',
    message: 'expected literal ")"',
    cure: 'close the bracket that is open since {place}',
    example: '(ip.ttl < 5',
  },
  commaExpected: {
    code: 'RF1005',
    kind: 'ExpectedLiteral',
    message: 'expected literal ","',
    cure: 'arguments are separated by commas; a combination with `and`, `or` or `xor` needs its own brackets',
    example: 'concat(ip.proto ip.proto) == "tcp"',
  },
  callEndExpected: {
    code: 'RF1030',
    kind: 'ExpectedLiteral',
    message: 'expected literal ")"',
    cure: 'end the arguments that begin at {place}',
    example: 'lower(ip.proto',
  },
  combinationNeedsBrackets: {
    code: 'RF1006',
    kind: 'ExpectedLiteral',
    message: 'expected literal ")"',
    cure: 'put brackets around the combination: `{quantifier}((… {operator} …))`',
    example: 'any(tags[*] == "a" or tags[*] == "b")',
  },
  setExpected: {
    code: 'RF1007',
    kind: 'ExpectedLiteral',
    message: 'expected literal "{"',
    cure: 'after `in` comes a set such as `{{items}}` or a list such as `$name`',
    example: 'tcp.dstport in 80',
  },
  indexExpected: {
    code: 'RF1008',
    kind: 'ExpectedLiteral',
    message: 'expected literal "expected quoted utf8 string or positive integer"',
    cure: 'an index is a number such as `[0]`, a quoted key such as `["name"]`, or `[*]` for every element',
    example: 'tags[a] == "x"',
  },
  indexEndExpected: {
    code: 'RF1009',
    kind: 'ExpectedLiteral',
    message: 'expected literal "]"',
    cure: 'one index stands between `[` and `]`',
    example: 'tags[0,1] == "x"',
  },
  literalExpected: {
    code: 'RF1010',
    kind: 'ExpectedName',
    message: 'expected a literal',
    cure: 'the right side is a literal: a number, an address or a string in double quotes',
    example: 'tcp.dstport == {80}',
  },
  argumentExpected: {
    code: 'RF1011',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: 'an argument is a field, a call, a string in double quotes, a number or an address; there are no sets or lists',
    example: 'concat(ip.proto, {"x"}) == "tcp"',
  },
  quoteMissing: {
    code: 'RF1012',
    kind: 'MissingEndingQuote',
    message: 'could not find an ending quote',
    cure: 'end the string with the quote it began with; inside it, a quote is written \\" and a backslash \\\\',
    example: 'ip.proto == "tcp',
  },
  regexQuoteMissing: {
    code: 'RF1013',
    kind: 'MissingEndingQuote',
    message: 'could not find an ending quote',
    cure: 'end the pattern with a quote; an unclosed `[` swallows it',
    example: 'ip.proto matches "[a"',
  },
  rawHashes: {
    code: 'RF1014',
    kind: 'InvalidRawStringHashCount',
    message: "invalid raw string hash count, there can't be more than 255 #s",
    cure: 'use fewer hashes: one more than the longest run of them after a quote inside the string',
    example: 'ip.proto == r#…256 times…"tcp"',
  },
  rawQuoteExpected: {
    code: 'RF1015',
    kind: 'ExpectedName',
    message: 'expected " or #',
    cure: 'a raw string is r"…" or r#"…"#, without spaces; a plain one is "…"',
    example: 'ip.proto == r "tcp"',
  },
  patternExpected: {
    code: 'RF1016',
    kind: 'ExpectedName',
    message: 'expected " or r',
    cure: 'a pattern is a string: "…" or r"…"',
    example: 'ip.proto matches tcp',
  },
  patternMissing: {
    code: 'RF1017',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: 'a pattern in quotes follows here',
    example: 'ip.proto matches',
  },
  listName: {
    code: 'RF1018',
    kind: 'InvalidListName',
    message: 'invalid list name "{name}"',
    cure: 'a list name has small letters, digits, `_` and dots inside: `$office`, `$cf.open_proxies`',
    example: 'ip.src in $Office',
  },
  nestingLimit: {
    code: 'RF1019',
    kind: 'NestingLimitExceeded',
    message: 'maximum nesting depth exceeded (limit: {limit})',
    cure: 'take brackets, calls or `not`s away, or split the rule; chains of `and` and `or` do not count',
    example: '((…129 times…))',
  },
  lengthLimit: {
    code: 'RF1020',
    kind: 'LengthLimitExceeded',
    message: 'expression is longer than {limit} characters',
    cure: 'split the rule, or move addresses to a list and write `in $name`',
    example: '…4,097 characters…',
  },
  wordInCapitals: {
    code: 'RF1021',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: 'operators are written in small letters: `{operator}`',
    example: 'sip AND udp.dstport == 5060',
  },
  singleSign: {
    code: 'RF1022',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: 'write `{operator}`',
    example: 'tcp.dstport = 80',
  },
  notIn: {
    code: 'RF1023',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: '`not` goes in front of the condition: `not {left} {operator} …`',
    example: 'tcp.dstport not in {80 443}',
  },
  unknownOperator: {
    code: 'RF1024',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: '`{word}` is no operator; {instead}',
    example: 'tcp.dstport is 80',
  },
  tab: {
    code: 'RF1025',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: 'a TAB is no white space in an expression: use spaces or line breaks',
    example: 'sip\tand udp.dstport == 5060',
  },
  comment: {
    code: 'RF1026',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: "there are no comments in an expression: use the rule's description",
    example: 'sip # voice',
  },
  otherQuotes: {
    code: 'RF1027',
    kind: 'ExpectedName',
    message: 'expected a literal',
    cure: 'strings take double quotes: {corrected}',
    example: "ip.proto == 'tcp'",
  },
  commaInSet: {
    code: 'RF1028',
    kind: 'ExpectedName',
    message: 'expected a literal',
    cure: 'the items of a set are separated by spaces: `{80 443}`',
    example: 'tcp.dstport in {80,443}',
  },
  itemExpected: {
    code: 'RF1029',
    kind: 'ExpectedName',
    message: 'expected a literal',
    cure: 'a set holds literals separated by spaces and ends with `}`; lists and fields cannot stand in it',
    example: 'tcp.dstport in {80',
  },

  unknownName: {
    code: 'RF2001',
    kind: 'UnknownIdentifier',
    message: 'unknown identifier',
    cure: 'there is no field or function `{name}`{nearest}',
    example: 'tcp.dport == 80',
  },
  keywordAsName: {
    code: 'RF2002',
    kind: 'UnknownIdentifier',
    message: 'unknown identifier',
    cure: '`{name}` joins two conditions; one is missing in front of it',
    example: 'and sip',
  },
  literalOnTheLeft: {
    code: 'RF2003',
    kind: 'UnknownIdentifier',
    message: 'unknown identifier',
    cure: 'the field stands on the left, the literal on the right: `ip.ttl > 1`',
    example: '1 < ip.ttl',
  },
  functionNeedsArguments: {
    code: 'RF2004',
    kind: 'ExpectedLiteral',
    message: 'expected literal "("',
    cure: '`{name}` is a function: `{name}(…)`',
    example: 'lower == "tcp"',
  },
  operatorExpected: {
    code: 'RF2005',
    kind: 'ExpectedName',
    message: 'expected ComparisonOp',
    cure: '{name} of type {type} is no condition by itself; compare it: {operators}',
    example: 'ip.ttl',
  },
  fieldIsNoFunction: {
    code: 'RF2006',
    kind: 'ExpectedName',
    message: 'expected ComparisonOp',
    cure: '`{name}` is a field, not a function',
    example: 'ip.ttl(1) == 1',
  },
  boolTakesNoOperator: {
    code: 'RF2007',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: 'a Bool is a condition by itself: `{name}` or `not {name}`',
    example: 'sip == true',
  },
  operatorUnsupported: {
    code: 'RF2008',
    kind: 'UnsupportedOp',
    message: 'cannot perform this operation on type {type}',
    cure: '{cure}',
    example: 'ip.src contains "10"',
  },
  listUnsupported: {
    code: 'RF2009',
    kind: 'UnsupportedOp',
    message: 'cannot perform this operation on type {type}',
    cure: 'there are no lists of type {type} here',
    example: 'tcp.dstport in $ports',
  },
  unknownList: {
    code: 'RF2010',
    kind: 'InvalidListName',
    message: 'no list named "{name}"',
    cure: 'the list has to exist; the command line takes lists from a policy (-f){nearest}',
    example: 'ip.src in $offices',
  },
  rootType: {
    code: 'RF2011',
    kind: 'TypeMismatch',
    message: 'expected value of type Bool, but got {type}',
    cure: 'reduce the elements to one answer: `any(…)` or `all(…)`',
    example: 'tags[*] == "a"',
  },
  operandTypes: {
    code: 'RF2012',
    kind: 'TypeMismatch',
    message: 'expected value of type {expected}, but got {type}',
    cure: 'both sides of `{operator}` are conditions, or both are arrays of conditions; `any(…)` and `all(…)` reduce arrays',
    example: 'sip and tags[*] == "a"',
  },
  quantifierType: {
    code: 'RF2013',
    kind: 'TypeMismatch',
    message: 'expected value of type Array<Bool>, but got {type}',
    cure: '`{quantifier}` takes a comparison over `[*]`, such as `{quantifier}(tags[*] == "a")`, or a field of type Array<Bool>',
    example: 'any(sip)',
  },
  indexType: {
    code: 'RF2014',
    kind: 'InvalidIndexAccess',
    message: 'cannot access index {index} for type {type}',
    cure: 'arrays take numbers, maps take quoted keys, both take `[*]`, and nothing else has elements',
    example: 'ip.ttl[0] == 1',
  },
  indexNegative: {
    code: 'RF2015',
    kind: 'ExpectedLiteral',
    message: 'expected literal "expected positive integer as index"',
    cure: 'an index is a number from 0 to 4294967295',
    example: 'tags[-1] == "a"',
  },
  keyNotText: {
    code: 'RF2016',
    kind: 'ExpectedLiteral',
    message: 'expected literal "expected utf8 string"',
    cure: 'the key of a map is UTF-8 text',
    example: 'headers["\\xff"] == "a"',
  },
  argumentCount: {
    code: 'RF2017',
    kind: 'InvalidArgumentsCount',
    message: 'invalid number of arguments',
    cure: '`{name}` takes {wanted}, not {got}',
    example: 'lower(ip.proto, ip.proto) == "tcp"',
  },
  argumentKind: {
    code: 'RF2018',
    kind: 'InvalidArgumentKind',
    message: 'invalid kind of argument #{index}: expected argument of kind {expected}, but got {got}',
    cure: '{cure}',
    example: 'lower("TCP") == "tcp"',
  },
  argumentType: {
    code: 'RF2019',
    kind: 'InvalidArgumentType',
    message: 'invalid type of argument #{index}: expected value of type {expected}, but got {got}',
    cure: 'give `{name}` an argument of type {expected} here',
    example: 'lower(ip.ttl) == "x"',
  },
  argumentValue: {
    code: 'RF2020',
    kind: 'InvalidArgumentValue',
    message: 'invalid value of argument #{index}: invalid argument: "{problem}"',
    cure: 'change the literal so that it fits: {problem}',
    example: 'bit_slice(tcp, 0, 64) == 1',
  },
  eachInLaterArgument: {
    code: 'RF2021',
    kind: 'InvalidMapEachAccess',
    message: 'invalid use of map each access operator',
    cure: 'only the first argument of a function may use `[*]`',
    example: 'concat(tags[*], tags[*])[0] == "aa"',
  },
  nestedConditions: {
    code: 'RF2022',
    kind: 'UnsupportedOp',
    message: 'cannot perform this operation on type {type}',
    cure: 'unpack the inner array too: add one more `[*]`',
    example: 'any((grid[*]))',
  },
  valueOfEach: {
    code: 'RF2024',
    kind: 'TypeMismatch',
    message: 'expected value of type {expected}, but got {type}',
    cure: 'one value is wanted: take one element with `[0]` or `["key"]` instead of `[*]`',
    example: 'tags[*]',
  },
  perhapsName: {
    code: 'RF2023',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: '`{text}` is no field, and no address, number or byte string either{nearest}',
    example: 'lower(abc.0) == "x"',
  },
  patternTooLarge: {
    code: 'RF2025',
    kind: 'UnsupportedOp',
    message: 'the pattern needs an automaton of more than {limit} entries, which is all that a program may carry',
    cure: 'lower the repetition counts, or put the alternatives into expressions of their own joined by `or`',
    example: 'udp.payload matches "(a|b).{20}(c|d)"',
  },
  notInNftables: {
    code: 'RF2026',
    kind: 'UnsupportedOp',
    message: 'nftables alone cannot say this rule: {reason}',
    cure: 'let the compiler choose (--backend auto), or ask for eBPF (--backend ebpf)',
    example: 'ends_with(udp.payload, "xyzzy")',
  },

  digitExpected: {
    code: 'RF3001',
    kind: 'ExpectedName',
    message: 'expected digit',
    cure: '{name} is of type Int: write a number such as 80, -1 or 0x1f{hint}',
    example: 'tcp.dstport == http',
  },
  digitInvalid: {
    code: 'RF3002',
    kind: 'ParseInt',
    message: 'invalid digit found in string while parsing with radix {radix}',
    cure: '{cure}',
    example: 'tcp.dstport == 08',
  },
  intTooLarge: {
    code: 'RF3003',
    kind: 'ParseInt',
    message: 'number too large to fit in target type while parsing with radix {radix}',
    cure: 'integers go up to 9223372036854775807',
    example: 'ip.len == 9223372036854775808',
  },
  intTooSmall: {
    code: 'RF3004',
    kind: 'ParseInt',
    message: 'number too small to fit in target type while parsing with radix {radix}',
    cure: 'integers go down to -9223372036854775808',
    example: 'ip.len == -9223372036854775809',
  },
  restAfterLiteral: {
    code: 'RF3005',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: '{cure}',
    example: 'ip.ttl == 1.5',
  },
  rangeBounds: {
    code: 'RF3006',
    kind: 'IncompatibleRangeBounds',
    message: 'incompatible range bounds',
    cure: '{cure}',
    example: 'tcp.dstport in {90..80}',
  },
  addressExpected: {
    code: 'RF3010',
    kind: 'ExpectedName',
    message: 'expected IP address character',
    cure: '{name} is of type Ip: write an address such as 192.0.2.1 or 2001:db8::1, without quotes or brackets',
    example: 'ip.src == "192.0.2.1"',
  },
  addressInvalid: {
    code: 'RF3011',
    kind: 'ParseNetwork',
    message: "couldn't parse address in network: invalid IP address syntax",
    cure: 'an address is four decimal numbers up to 255 without leading zeros, or IPv6 such as 2001:db8::1',
    example: 'ip.src == 192.0.2.256',
  },
  networkOutsideSet: {
    code: 'RF3012',
    kind: 'ParseNetwork',
    message: "couldn't parse address in network: invalid IP address syntax",
    cure: 'a network or range stands in a set: `{corrected}`',
    example: 'ip.src == 192.0.2.0/24',
  },
  hostBits: {
    code: 'RF3013',
    kind: 'ParseNetwork',
    message: 'host part of address was not zero',
    cure: 'the network is {network}; the host alone is {host}',
    example: 'ip.src in {192.0.2.1/24}',
  },
  prefixTooLong: {
    code: 'RF3014',
    kind: 'ParseNetwork',
    message: 'invalid length for network: Network length {length} is too long for Ipv{family} (maximum: {maximum})',
    cure: 'the length after `/` is at most {maximum} for IPv{family}',
    example: 'ip.src in {192.0.2.0/33}',
  },
  prefixMissing: {
    code: 'RF3015',
    kind: 'ParseNetwork',
    message: "couldn't parse length in network: cannot parse integer from empty string",
    cure: 'write the length after `/`, or leave the `/` out for one address',
    example: 'ip.src in {192.0.2.0/}',
  },
  prefixInvalid: {
    code: 'RF3016',
    kind: 'ParseNetwork',
    message: "couldn't parse length in network: {problem}",
    cure: 'the length is one decimal number: `192.0.2.0/24`; masks such as 255.255.255.0 are not read',
    example: 'ip.src in {10.0.0.0/255.0.0.0}',
  },
  escapeInvalid: {
    code: 'RF3020',
    kind: 'InvalidCharacterEscape',
    message: 'expected ", xHH or OOO after \\',
    cure: 'the escapes are \\" \\\\ \\xHH (two hexadecimal digits) and \\OOO (three octal digits); \\n is \\x0a, \\t is \\x09',
    example: 'ip.proto == "\\t"',
  },
  escapeDigits: {
    code: 'RF3021',
    kind: 'ParseInt',
    message: '{problem} while parsing with radix {radix}',
    cure: 'write \\xHH with two hexadecimal digits or \\OOO with three octal digits up to 377',
    example: 'ip.proto == "\\x4"',
  },
  escapeCut: {
    code: 'RF3022',
    kind: 'CountMismatch',
    message: 'expected {expected} characters, but found {found}',
    cure: 'write \\xHH with two hexadecimal digits or \\OOO with three octal digits',
    example: 'ip.proto == "\\0"',
  },
  byteInvalid: {
    code: 'RF3023',
    kind: 'ParseInt',
    message: 'invalid digit found in string while parsing with radix 16',
    cure: 'a string takes double quotes: {corrected}; a byte string is pairs of hexadecimal digits such as 61:62',
    example: 'ip.proto == tcp',
  },
  byteCut: {
    code: 'RF3024',
    kind: 'CountMismatch',
    message: 'expected {expected} characters, but found {found}',
    cure: 'a byte string is pairs of hexadecimal digits such as 61:62; a string takes double quotes',
    example: 'ip.proto == 61:',
  },
  byteSeparator: {
    code: 'RF3025',
    kind: 'ExpectedName',
    message: 'expected byte separator',
    cure: 'a byte string has at least two bytes with `:`, `-` or `.` between them: 61:62; a string takes double quotes',
    example: 'ip.proto == 6162',
  },
  bytesMissing: {
    code: 'RF3026',
    kind: 'EOF',
    message: 'unrecognised input',
    cure: 'a string in double quotes follows here',
    example: 'ip.proto ==',
  },
  regexSyntax: {
    code: 'RF3030',
    kind: 'ParseRegex',
    message: 'regex parse error:\n    {pattern}\n    {carets}\nerror: {problem}',
    cure: 'patterns are RE2 syntax over bytes: no look-around, no backreferences; Unicode only after (?u)',
    example: 'ip.proto matches "(?=a)"',
  },
  regexSize: {
    code: 'RF3031',
    kind: 'ParseRegex',
    message: 'Compiled regex exceeds size limit of {limit} bytes.',
    cure: 'lower the repetition counts: each repetition is a copy',
    example: 'ip.proto matches "(.{1000}){1000}"',
  },
  wildcardDoubleStar: {
    code: 'RF3040',
    kind: 'ParseWildcard',
    message: 'wildcard contains a double star',
    cure: 'one `*` already stands for any bytes; a star as itself is \\* in a raw string: r"a\\*b"',
    example: 'ip.proto wildcard "**"',
  },
  wildcardEscape: {
    code: 'RF3041',
    kind: 'ParseWildcard',
    message: 'invalid wildcard: wildcard syntax error at position {position}: {problem}',
    cure: 'in a wildcard only \\* and \\\\ are escapes; use a raw string: r"a\\*b"',
    example: 'ip.proto wildcard r"a\\b"',
  },
  wildcardStars: {
    code: 'RF3042',
    kind: 'ParseWildcard',
    message: 'wildcard has {count} star metacharacters, but the limit is {limit}',
    cure: 'use fewer stars, or a regular expression',
    example: 'ip.proto wildcard "*a*b*"',
  },
} satisfies Record<string, CatalogueEntry>;
