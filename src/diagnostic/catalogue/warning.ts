// What an expression says that its author may not mean: RF4xxx. It holds as it stands.

import type { WarningRow } from './row';

export const WARNINGS = {
  absentField: {
    code: 'RF4001',
    kind: 'AbsentField',
    message: '`{condition}` also holds where there is no {field}',
    cure: 'absent means: {absent}; unless that is meant too, write `{corrected}`',
    example: 'tcp.srcport ne 80',
  },
  neverMatches: {
    code: 'RF4002',
    kind: 'NeverMatches',
    message: 'no packet can match this',
    cure: 'a rule with it does nothing; two values of one field are alternatives: join them with `or`, or put them into a set',
    example: 'tcp.dstport == 80 and tcp.dstport == 443',
  },
  alwaysMatches: {
    code: 'RF4003',
    kind: 'AlwaysMatches',
    message: 'every packet matches this',
    cure: 'write `true` if that is meant; what should match neither of two values is `not … in {…}`',
    example: 'ip.ttl != 1 or ip.ttl != 2',
  },
  deprecatedField: {
    code: 'RF4004',
    kind: 'Deprecated',
    message: '`{field}` is deprecated',
    cure: '{instead}',
    example: 'ip.geoip.country == "US"',
  },
  octalNumber: {
    code: 'RF4005',
    kind: 'OctalNumber',
    message: '{text} is octal: the number {value}',
    cure: 'a leading 0 means octal; write {value}, or {decimal} if that is meant',
    example: 'tcp.dstport == 0123',
  },
  impossibleValue: {
    code: 'RF4006',
    kind: 'ImpossibleValue',
    message: '`{left}` is never {value}',
    cure: 'its values are {values}',
    example: 'tcp.dstport == 70000',
  },
  unknownProtocol: {
    code: 'RF4007',
    kind: 'UnknownProtocol',
    message: 'no protocol has the name {name}',
    cure: '{cure}',
    example: 'ip.proto == "tpc"',
  },
  emptySet: {
    code: 'RF4008',
    kind: 'EmptySet',
    message: 'nothing is in an empty set',
    cure: 'write values between the braces, separated by spaces: `{items}`',
    example: 'tcp.dstport in {}',
  },
  otherFamily: {
    code: 'RF4009',
    kind: 'OtherFamily',
    message: '`{condition}` also holds of every IPv{other} packet',
    cure: 'addresses of different IP versions are never equal; if IPv{other} is not meant, write `{corrected}`',
    example: 'ip.src ne 192.0.2.1',
  },
} satisfies Record<string, WarningRow>;
