// What newcomers write who know Wireshark, nft, tcpdump or SQL, and the one thing they are told: its code, and a cure
// that can be pasted.

import { readExpression } from '../../src/language/expression';
import { packetScheme } from '../../src/language/field/packet-scheme';

const SCHEME = packetScheme(['office']);

function told(expression: string): string[][] {
  const read = readExpression(expression, SCHEME);
  return read.ok ? [] : read.diagnostics.map(({ code, cure }) => [code, cure]);
}

test.each<[string, string, string]>([
  ['tcp.dport == 80', 'RF2001', 'there is no field or function `tcp.dport`; did you mean `tcp.dstport`?'],
  [
    'tcp.port == 80',
    'RF2001',
    'there is no field or function `tcp.port`; did you mean `tcp.srcport` or `tcp.dstport`?',
  ],
  [
    'udp.port == 53',
    'RF2001',
    'there is no field or function `udp.port`; did you mean `udp.srcport` or `udp.dstport`?',
  ],
  ['port == 80', 'RF2001', 'there is no field or function `port`; did you mean `tcp.srcport` or `tcp.dstport`?'],
  ['dport == 80', 'RF2001', 'there is no field or function `dport`; did you mean `tcp.dstport`?'],
  ['proto == "tcp"', 'RF2001', 'there is no field or function `proto`; did you mean `ip.proto`?'],
  ['protocol == "tcp"', 'RF2001', 'there is no field or function `protocol`; did you mean `ip.proto`?'],
  ['src == 10.0.0.1', 'RF2001', 'there is no field or function `src`; did you mean `ip.src`?'],
  ['saddr == 10.0.0.1', 'RF2001', 'there is no field or function `saddr`; did you mean `ip.src`?'],
  ['ip.saddr == 10.0.0.1', 'RF2001', 'there is no field or function `ip.saddr`; did you mean `ip.src`?'],
  ['ip.daddr == 10.0.0.1', 'RF2001', 'there is no field or function `ip.daddr`; did you mean `ip.dst`?'],
  ['ip.addr == 10.0.0.1', 'RF2001', 'there is no field or function `ip.addr`; did you mean `ip.src` or `ip.dst`?'],
  ['ip.source == 10.0.0.1', 'RF2001', 'there is no field or function `ip.source`; did you mean `ip.src`?'],
  ['ip.protocol == "tcp"', 'RF2001', 'there is no field or function `ip.protocol`; did you mean `ip.proto`?'],
  ['ip.ttl equals 5', 'RF1024', '`equals` is no operator; write `==`'],
  ['ip.ttl = 5', 'RF1022', 'write `==`'],
  ['ip.ttl => 5', 'RF1022', 'write `>=`'],
  ['ip.ttl =< 5', 'RF1022', 'write `<=`'],
  ['ip.ttl <> 5', 'RF1022', 'write `!=`'],
  ['ip.ttl === 5', 'RF1022', 'write `==`'],
  ['ip.ttl is 5', 'RF1024', '`is` is no operator; write `==`'],
  ['ip.ttl == 5 AND ip.len > 3', 'RF1021', 'operators are written in small letters: `and`'],
  ['ip.ttl == 5 And ip.len > 3', 'RF1021', 'operators are written in small letters: `and`'],
  ['ip.ttl == 5 & ip.len > 3', 'RF1022', 'write `and`'],
  ['ip.ttl == 5 | ip.len > 3', 'RF1022', 'write `or`'],
  [
    'ip.ttl == 5, ip.len > 3',
    'RF1003',
    'the expression is complete before this; join conditions with `and`, `or` or `xor`',
  ],
  ['ip.ttl EQ 5', 'RF1021', 'operators are written in small letters: `eq`'],
  ['NOT ip.ttl == 5', 'RF1021', 'operators are written in small letters: `not`'],
  ['ip.proto == “tcp”', 'RF1027', 'strings take double quotes: "tcp"'],
  ["ip.proto == 'tcp'", 'RF1027', 'strings take double quotes: "tcp"'],
  [
    'ip.proto == tcp',
    'RF3023',
    'a string takes double quotes: "tcp"; a byte string is pairs of hexadecimal digits such as 61:62',
  ],
  ['ip.proto = tcp', 'RF1022', 'write `==`'],
  [
    'ip.proto == 6',
    'RF3024',
    'a byte string is pairs of hexadecimal digits such as 61:62; a string takes double quotes: "6"',
  ],
  [
    'tcp',
    'RF2005',
    'tcp of type Bytes is no condition by itself; compare it: `==` `!=` `<` `<=` `>` `>=` `in` `contains` `matches` `wildcard` `strict wildcard`; did you mean `ip.proto == "tcp"`?',
  ],
  [
    'icmp',
    'RF2005',
    'icmp of type Bytes is no condition by itself; compare it: `==` `!=` `<` `<=` `>` `>=` `in` `contains` `matches` `wildcard` `strict wildcard`; did you mean `ip.proto == "icmp"`?',
  ],
  ['tcp.dstport in {80, 443}', 'RF1028', 'the items of a set are separated by spaces: `{80 443}`'],
  ['tcp.dstport in (80, 443)', 'RF1007', 'after `in` comes a set such as `{80 443}` or a list such as `$name`'],
  ['tcp.dstport in [80, 443]', 'RF1007', 'after `in` comes a set such as `{80 443}` or a list such as `$name`'],
  ['tcp.dstport in {80;443}', 'RF1028', 'the items of a set are separated by spaces: `{80 443}`'],
  [
    'tcp.dstport in {80-90}',
    'RF3001',
    'tcp.dstport is of type Int: write a number such as 80, -1 or 0x1f; a range is 80..90',
  ],
  ['tcp.dstport in 80..90', 'RF1007', 'after `in` comes a set such as `{80..90}` or a list such as `$name`'],
  ['tcp.dstport == 80..90', 'RF3005', 'a range stands in a set: `tcp.dstport in {80..90}`'],
  [
    'tcp.dstport == {80 443}',
    'RF1031',
    '`==` compares with one value; a set or a list stands after `in`: `tcp.dstport in {80 443}`',
  ],
  [
    'tcp.dstport == 80 or 443',
    'RF2030',
    'a value alone is no condition: name the field again, or put the values into a set: `tcp.dstport in {80 443}`',
  ],
  ['tcp.dstport == 80 or == 443', 'RF1034', 'each comparison names its field: `tcp.dstport == …`'],
  ['tcp.dstport == 80,443', 'RF1033', 'several values stand in a set: `tcp.dstport in {80 443}`'],
  [
    'tcp.dstport == "80"',
    'RF3001',
    'tcp.dstport is of type Int: write a number such as 80, -1 or 0x1f; without quotes: 80',
  ],
  [
    'tcp.dstport in {"80"}',
    'RF3001',
    'tcp.dstport is of type Int: write a number such as 80, -1 or 0x1f; without quotes: 80',
  ],
  ['tcp.flags.syn == 1', 'RF2007', 'a Bool is a condition by itself: `tcp.flags.syn` or `not tcp.flags.syn`'],
  ['tcp.flags.syn == true', 'RF2007', 'a Bool is a condition by itself: `tcp.flags.syn` or `not tcp.flags.syn`'],
  ['tcp.flags.rst', 'RF2001', 'there is no field or function `tcp.flags.rst`; did you mean `tcp.flags.reset`?'],
  ['tcp.flags.psh', 'RF2001', 'there is no field or function `tcp.flags.psh`; did you mean `tcp.flags.push`?'],
  ['tcp.flags.ece', 'RF2001', 'there is no field or function `tcp.flags.ece`; did you mean `tcp.flags.ecn`?'],
  [
    'tcp.flags == syn',
    'RF3001',
    'tcp.flags is of type Int: write a number such as 80, -1 or 0x1f; that it is set is the condition `tcp.flags.syn`',
  ],
  [
    'tcp.flags == 0x',
    'RF3001',
    'tcp.flags is of type Int: write a number such as 80, -1 or 0x1f; after 0x come the digits 0-9 and a-f',
  ],
  ['tcp.flags == 0X1F', 'RF3005', 'hexadecimal numbers begin with a small 0x: 0x1F'],
  ['tcp.flags == 0x1G', 'RF3005', 'after 0x come the digits 0-9 and a-f'],
  ['tcp.flags == 1f', 'RF3002', 'hexadecimal numbers begin with 0x: 0x1f'],
  [
    'ip.src == "1.2.3.4"',
    'RF3010',
    'ip.src is of type Ip: write an address such as 192.0.2.1 or 2001:db8::1, without quotes or brackets: 1.2.3.4',
  ],
  [
    "ip.src == '1.2.3.4'",
    'RF3010',
    'ip.src is of type Ip: write an address such as 192.0.2.1 or 2001:db8::1, without quotes or brackets: 1.2.3.4',
  ],
  [
    'ip.src in {"1.2.3.4"}',
    'RF3010',
    'ip.src is of type Ip: write an address such as 192.0.2.1 or 2001:db8::1, without quotes or brackets: 1.2.3.4',
  ],
  ['ip.src in {1.2.3.4, 1.2.3.5}', 'RF1028', 'the items of a set are separated by spaces: `{1.2.3.4 1.2.3.5}`'],
  ['ip.src == 10.0.0.0/8', 'RF3012', 'a network or range stands in a set: `ip.src in {10.0.0.0/8}`'],
  ['ip.src = 10.0.0.0/8', 'RF1022', 'write `==`'],
  ['ip.src != 10.0.0.0/8', 'RF3012', 'a network or range stands in a set: `not ip.src in {10.0.0.0/8}`'],
  ['ip.src in 10.0.0.0/8', 'RF1007', 'after `in` comes a set such as `{10.0.0.0/8}` or a list such as `$name`'],
  ['ip.src in "10.0.0.0/8"', 'RF1007', 'after `in` comes a set such as `{10.0.0.0/8}` or a list such as `$name`'],
  ['ip.src in {10.0.0.1/8}', 'RF3013', 'the network is 10.0.0.0/8; the host alone is 10.0.0.1'],
  ['ip.src == 10.0.0.1/8', 'RF3012', 'a network or range stands in a set: `ip.src in {10.0.0.0/8}`'],
  [
    'ip.src in {10.0.0.0 / 8}',
    'RF3011',
    'an address is four decimal numbers up to 255 without leading zeros, or IPv6 such as 2001:db8::1; there is no space around `/`',
  ],
  [
    'ip.src in {10.0.0.0/255.0.0.0}',
    'RF3016',
    'the length is one decimal number: `192.0.2.0/24`; masks such as 255.255.255.0 are not read: 10.0.0.0/8',
  ],
  ['ip.src == 10.0.0.1-10.0.0.9', 'RF3005', 'a range stands in a set: `ip.src in {10.0.0.1..10.0.0.9}`'],
  [
    'ip.src in {10.0.0.1-10.0.0.9}',
    'RF3010',
    'ip.src is of type Ip: write an address such as 192.0.2.1 or 2001:db8::1, without quotes or brackets; a range is 10.0.0.1..10.0.0.9',
  ],
  ['ip.src in office', 'RF1007', 'after `in` comes a set such as `{80 443}` or a list such as `$office`'],
  ['ip.src in @office', 'RF1007', 'after `in` comes a set such as `{80 443}` or a list such as `$office`'],
  [
    'ip.src in $Office',
    'RF1018',
    'a list name has small letters, digits, `_` and dots inside: `$office`, `$cf.open_proxies`',
  ],
  [
    'ip.src in $offce',
    'RF2010',
    'the list has to exist; the command line takes lists from a policy (-f); did you mean `$office`?',
  ],
  [
    'ip.src == $office',
    'RF1031',
    '`==` compares with one value; a set or a list stands after `in`: `ip.src in $office`',
  ],
  ['ip.src in {$office}', 'RF1032', 'a list stands without braces: `ip.src in $office`'],
  ['ip.src not in {10.0.0.0/8}', 'RF1023', '`not` goes in front of the condition: `not ip.src in {10.0.0.0/8}`'],
  ['ip.src !in {10.0.0.0/8}', 'RF1023', '`not` goes in front of the condition: `not ip.src in {10.0.0.0/8}`'],
  [
    'ip.src == 10.0.0',
    'RF3011',
    'an address is four decimal numbers up to 255 without leading zeros, or IPv6 such as 2001:db8::1; for all that begin so: `ip.src in {10.0.0.0/24}`',
  ],
  [
    'ip.src == 010.0.0.1',
    'RF3011',
    'an address is four decimal numbers up to 255 without leading zeros, or IPv6 such as 2001:db8::1: 10.0.0.1',
  ],
  [
    'ip.src == 10.0.0.*',
    'RF3011',
    'an address is four decimal numbers up to 255 without leading zeros, or IPv6 such as 2001:db8::1; for all that begin so: `ip.src in {10.0.0.0/24}`',
  ],
  ['ip.src == 2001:db8::/32', 'RF3012', 'a network or range stands in a set: `ip.src in {2001:db8::/32}`'],
  [
    'ip.src == [2001:db8::1]',
    'RF3010',
    'ip.src is of type Ip: write an address such as 192.0.2.1 or 2001:db8::1, without quotes or brackets: 2001:db8::1',
  ],
  ['ip.src contains "10."', 'RF2008', 'operators for Ip: `==` `!=` `<` `<=` `>` `>=` `in`'],
  ['ip.src > 10.0.0.1 and < 10.0.0.9', 'RF1034', 'each comparison names its field: `ip.src < …`'],
  ['1 < ip.ttl', 'RF2003', 'the field stands on the left, the literal on the right: `ip.ttl > 1`'],
  ['10 < ip.ttl < 20', 'RF2003', 'the field stands on the left, the literal on the right: `ip.ttl > 1`'],
  [
    'ip.ttl == ip.len',
    'RF3001',
    'ip.ttl is of type Int: write a number such as 80, -1 or 0x1f; two fields cannot be compared',
  ],
  ["udp.payload contains 'abc'", 'RF1027', 'strings take double quotes: "abc"'],
  [
    'udp.payload contains abc',
    'RF3025',
    'a byte string has at least two bytes with `:`, `-` or `.` between them: 61:62; a string takes double quotes: "abc"',
  ],
  ['udp.payload == 0x6162', 'RF3023', 'a byte string is pairs of hexadecimal digits: 61:62'],
  ['udp.payload contains 0x6162', 'RF3023', 'a byte string is pairs of hexadecimal digits: 61:62'],
  [
    'udp.payload contains "\\x61\\n"',
    'RF3020',
    'the escapes are \\" \\\\ \\xHH (two hexadecimal digits) and \\OOO (three octal digits); \\n is \\x0a, \\t is \\x09',
  ],
  ['udp.payload matches /abc/', 'RF1016', 'a pattern is a string: r"abc"'],
  ['udp.payload matches "abc', 'RF1013', 'end the pattern with a quote; an unclosed `[` swallows it'],
  [
    'udp.payload startswith "abc"',
    'RF1024',
    '`startswith` is no operator; there is a function: `starts_with(field, "…")`',
  ],
  [
    'udp.payload starts_with "abc"',
    'RF1024',
    '`starts_with` is no operator; it is a function: `starts_with(field, "…")`',
  ],
  ['udp.payload like "abc%"', 'RF1024', '`like` is no operator; write `wildcard "a*"` or `contains "a"`'],
  ["starts_with(udp.payload, 'abc')", 'RF1027', 'strings take double quotes: "abc"'],
  [
    'starts_with(udp.payload "abc")',
    'RF1005',
    'arguments are separated by commas; a combination with `and`, `or` or `xor` needs its own brackets',
  ],
  ['starts_with("abc", udp.payload)', 'RF2018', 'a literal never changes: give a field or a call'],
  [
    'contains(udp.payload, "abc")',
    'RF2001',
    'there is no field or function `contains`; it stands between a field and a value: `udp.payload contains "…"`',
  ],
  [
    'startswith(udp.payload, "abc")',
    'RF2001',
    'there is no field or function `startswith`; did you mean `starts_with`?',
  ],
  ['length(udp.payload) > 5', 'RF2001', 'there is no field or function `length`; did you mean `len`?'],
  [
    'udp.payload[0] == 5',
    'RF2014',
    'arrays take numbers, maps take quoted keys, both take `[*]`, and nothing else has elements; byte 0 is `bit_slice(udp.payload, 0, 8)`',
  ],
  ['udp.payload[0:4] == 61:62:63:64', 'RF1009', 'one index stands between `[` and `]`'],
  [
    'tcp[13] & 2',
    'RF2014',
    'arrays take numbers, maps take quoted keys, both take `[*]`, and nothing else has elements; byte 13 is `bit_slice(tcp, 104, 112)`',
  ],
  [
    'ip.src in {10.0.0.0/8} tcp.dstport == 80',
    'RF1003',
    'the expression is complete before this; join conditions with `and`, `or` or `xor`',
  ],
  ['(ip.src in {10.0.0.0/8} and tcp.dstport == 80', 'RF1004', 'close the bracket that is open since 1:1'],
  [
    'ip.src in {10.0.0.0/8} and tcp.dstport == 80)',
    'RF1003',
    'the expression is complete before this; join conditions with `and`, `or` or `xor`',
  ],
  ['if ip.ttl == 5', 'RF2001', 'there is no field or function `if`; did you mean `ip`?'],
  ['ip.ttl == 5 # comment', 'RF1026', "there are no comments in an expression: use the rule's description"],
  ['ip.ttl == 5 // comment', 'RF1026', "there are no comments in an expression: use the rule's description"],
  ['ip.ttl == -0x5', 'RF3005', 'negative numbers are decimal'],
  ['ip.ttl == 1,000', 'RF1033', 'several values stand in a set: `ip.ttl in {1 000}`'],
  ['ip.ttl == 1_000', 'RF3005', 'an integer has digits only, no point and no unit'],
  ['ip.ttl == 5ms', 'RF3005', 'an integer has digits only, no point and no unit'],
  ['ip.ttl between 1 and 5', 'RF1024', '`between` is no operator; write `in {1..10}`'],
  ['true == true', 'RF2007', 'a Bool is a condition by itself: `true` or `not true`'],
  ['True', 'RF2001', 'there is no field or function `True`; did you mean `true`?'],
  ['TRUE', 'RF2001', 'there is no field or function `TRUE`; did you mean `true`?'],
  ['any', 'RF2001', 'there is no field or function `any`; did you mean `true`?'],
  ['all', 'RF2001', 'there is no field or function `all`; did you mean `true`?'],
  ['ip6.src == ::1', 'RF2001', 'there is no field or function `ip6.src`; did you mean `ip.src`?'],
  ['ipv6.src == ::1', 'RF2001', 'there is no field or function `ipv6.src`; did you mean `ip.src`?'],
  ['ip6 saddr ::1', 'RF2001', 'there is no field or function `ip6`; did you mean `ip.version == 6`?'],
  [
    'tcp dport 80',
    'RF2005',
    'tcp of type Bytes is no condition by itself; compare it: `==` `!=` `<` `<=` `>` `>=` `in` `contains` `matches` `wildcard` `strict wildcard`; did you mean `tcp.dstport`?',
  ],
  [
    'ip saddr 10.0.0.1',
    'RF2005',
    'ip of type Bytes is no condition by itself; compare it: `==` `!=` `<` `<=` `>` `>=` `in` `contains` `matches` `wildcard` `strict wildcard`; did you mean `ip.src`?',
  ],
  ['host 10.0.0.1', 'RF2001', 'there is no field or function `host`; did you mean `ip.src` or `ip.dst`?'],
  ['port 80', 'RF2001', 'there is no field or function `port`; did you mean `tcp.srcport` or `tcp.dstport`?'],
  ['icmp.type == echo-request', 'RF3002', 'write a number'],
  [
    'ip.proto == "tcp and foo == 1',
    'RF1012',
    'end the string with the quote it began with; inside it, a quote is written \\" and a backslash \\\\',
  ],
  ['ip.ttl = 5 # and foo == 1', 'RF1022', 'write `==`'],
  ['concat(foo, bar) == "x"', 'RF2001', 'there is no field or function `concat`'],
  ['ip.ttl = 5 and "x" == foo', 'RF1022', 'write `==`'],
  ['ip.ttl = 5) and foo == 1', 'RF1022', 'write `==`'],
])('%s: %s', (expression, code, cure) => {
  expect(told(expression)).toEqual([[code, cure]]);
});

describe('several mistakes are told in one pass, in the order of the text', () => {
  test.each<[string, string[]]>([
    [
      'tcp.dprt == 80 and ip.scr == 1.2.3.4 and udp.dstprt == 53 and ip.ttl == abc and ip.src == 1.2.3',
      ['RF2001 tcp.dprt', 'RF2001 ip.scr', 'RF2001 udp.dstprt', 'RF3002 abc', 'RF3011 1.2.3'],
    ],
    // A syntax error in the middle.
    ['tcp.dprt == 80 and ip.ttl = 5 and ip.scr == 1', ['RF2001 tcp.dprt', 'RF1022 = 5', 'RF2001 ip.scr']],
    ['ip.ttl == 5 AND foo == 1 OR bar == 2', ['RF1021  AND', 'RF2001 foo', 'RF1021  OR', 'RF2001 bar']],
    ['tcp.dstport in {80, 443} and foo == 1', ['RF1028 ,', 'RF2001 foo']],
    ['tcp.dstport not in {80 443} and foo', ['RF1023 not', 'RF2001 foo']],
    ["ip.proto == 'a and b' and foo == 1", ["RF1027 'a", 'RF2001 foo']],
    // Behind the brackets that it stands in.
    ['ip.ttl == 1 and (ip.src = 1 or foo == 1) and bar == 2', ['RF1022 = 1', 'RF2001 foo', 'RF2001 bar']],
    ['((ip.ttl = 1) and foo == 1) or bar == 2', ['RF1022 = 1', 'RF2001 foo', 'RF2001 bar']],
    ['(ip.ttl = 1 and (foo == 1 or ip.ttl = 2) or bar == 2)', ['RF1022 = 1', 'RF2001 foo', 'RF1022 = 2', 'RF2001 bar']],
    ['starts_with(foo, bar) and baz', ['RF2001 foo', 'RF2001 bar', 'RF2001 baz']],
    ['ip.ttl = 1\nand é == 2', ['RF1022 = 1', 'RF1001 é']],
  ])('%s', (expression, expected) => {
    const read = readExpression(expression, SCHEME);
    const found = read.ok ? [] : read.diagnostics;
    expect(found.map(({ code, span }) => [code, expression.slice(span.start, span.end)])).toEqual(
      expected.map(each => [each.slice(0, 6), expect.stringMatching(startingWith(each.slice(7)))]),
    );
  });

  test('at most 20 syntax errors, whatever the length', () => {
    expect(told(Array.from({ length: 300 }, () => 'ip.ttl=1').join(' or '))).toHaveLength(20);
  });

  test.each([
    ['an open quote', 'ip.ttl = 1 and ip.proto == "tcp and foo == 1', 'RF1022'],
    ['a comment', 'ip.ttl == 1 # and foo == 1', 'RF1026'],
    ['a comment further on', 'ip.ttl = 1 // and foo == 1', 'RF1022'],
    ['a call', "starts_with(udp.payload 'a' and foo)", 'RF1005'],
    ['a bracket too many', 'ip.ttl = 1) and foo == 1', 'RF1022'],
    ['a list of values', 'ip.ttl between 1 and 5', 'RF1024'],
    ['a name that was wrong already', 'host 10.0.0.1', 'RF2001'],
    ['an address that was wrong already', 'ip.src == 10.0.0.*', 'RF3011'],
    ['nesting that is too deep', `${'('.repeat(200)}true and foo`, 'RF1019'],
  ])('nothing is guessed behind %s', (_, expression, code) => {
    expect(told(expression).map(([first]) => first)).toEqual([code]);
  });
});

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[^A-Za-z0-9 ]/g, '\\$&')}`);
}
