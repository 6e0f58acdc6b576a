// What an author sees: the exact text for the mistakes people make.

import { printDiagnostic } from '../../src/diagnostic/print';
import { readExpression } from '../../src/language/expression';
import { PACKET_LIKE } from '../language/packet-like-scheme';

interface Row {
  readonly mistake: string;
  readonly expression: string;
  readonly text: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    mistake: 'a misspelt field names the nearest one',
    expression: 'tcp.dport == 80',
    text: [
      'Filter parsing error (1:1):',
      'tcp.dport == 80',
      '^^^^^^^^^ unknown identifier',
      'RF2001: there is no field or function `tcp.dport`; did you mean `tcp.dstport`?',
    ],
  },
  {
    mistake: 'a network after == shows the set it belongs in',
    expression: 'ip.src == 192.0.2.0/24',
    text: [
      'Filter parsing error (1:11):',
      'ip.src == 192.0.2.0/24',
      "          ^^^^^^^^^^^^ couldn't parse address in network: invalid IP address syntax",
      'RF3012: a network or range stands in a set: `ip.src in {192.0.2.0/24}`',
    ],
  },
  {
    mistake: 'a network without braces shows the braces',
    expression: 'ip.src in 192.0.2.0/24',
    text: [
      'Filter parsing error (1:11):',
      'ip.src in 192.0.2.0/24',
      '          ^^^^^^^^^^^^ expected literal "{"',
      'RF1007: after `in` comes a set such as `{192.0.2.0/24}` or a list such as `$name`',
    ],
  },
  {
    mistake: 'host bits show the network and the host',
    expression: 'ip.src in {192.0.2.77/24}',
    text: [
      'Filter parsing error (1:12):',
      'ip.src in {192.0.2.77/24}',
      '           ^^^^^^^^^^ host part of address was not zero',
      'RF3013: the network is 192.0.2.0/24; the host alone is 192.0.2.77',
    ],
  },
  {
    mistake: 'an operator in capitals is shown in small letters',
    expression: 'tcp.dstport == 80 AND sip',
    text: [
      'Filter parsing error (1:18):',
      'tcp.dstport == 80 AND sip',
      '                 ^^^^^^^^ unrecognised input',
      'RF1021: operators are written in small letters: `and`',
    ],
  },
  {
    mistake: 'one equals sign becomes two',
    expression: 'tcp.dstport = 80',
    text: [
      'Filter parsing error (1:13):',
      'tcp.dstport = 80',
      '            ^^^^ expected ComparisonOp',
      'RF1022: write `==`',
    ],
  },
  {
    mistake: 'commas in a set become spaces',
    expression: 'tcp.dstport in {80,443}',
    text: [
      'Filter parsing error (1:19):',
      'tcp.dstport in {80,443}',
      '                  ^^^^^ expected digit',
      'RF1028: the items of a set are separated by spaces: `{80 443}`',
    ],
  },
  {
    mistake: 'single quotes become double ones',
    expression: "ip.proto == 'tcp'",
    text: [
      'Filter parsing error (1:13):',
      "ip.proto == 'tcp'",
      '            ^^ invalid digit found in string while parsing with radix 16',
      'RF1027: strings take double quotes: "tcp"',
    ],
  },
  {
    mistake: 'a TAB is named',
    expression: 'sip\tand sip',
    text: [
      'Filter parsing error (1:4):',
      'sip\tand sip',
      '   ^^^^^^^^ unrecognised input',
      'RF1025: a TAB is no white space in an expression: use spaces or line breaks',
    ],
  },
  {
    mistake: 'not in moves to the front',
    expression: 'tcp.dstport not in {80 443}',
    text: [
      'Filter parsing error (1:13):',
      'tcp.dstport not in {80 443}',
      '            ^^^^^^^^^^^^^^^ expected ComparisonOp',
      'RF1023: `not` goes in front of the condition: `not tcp.dstport in {80 443}`',
    ],
  },
  {
    mistake: 'a range with a hyphen becomes one with dots',
    expression: 'tcp.dstport in {80-90}',
    text: [
      'Filter parsing error (1:19):',
      'tcp.dstport in {80-90}',
      '                  ^^^^ expected digit',
      'RF3001: tcp.dstport is of type Int: write a number such as 80, -1 or 0x1f; a range is 80..90',
    ],
  },
  {
    mistake: 'trailing input asks for a joining operator',
    expression: 'tcp.dstport == 80 443',
    text: [
      'Filter parsing error (1:18):',
      'tcp.dstport == 80 443',
      '                 ^^^^ unrecognised input',
      'RF1003: the expression is complete before this; join conditions with `and`, `or` or `xor`',
    ],
  },
  {
    mistake: 'a comparison with true is not needed',
    expression: 'sip == true',
    text: [
      'Filter parsing error (1:4):',
      'sip == true',
      '   ^^^^^^^^ unrecognised input',
      'RF2007: a Bool is a condition by itself: `sip` or `not sip`',
    ],
  },
  {
    mistake: 'a field that is no condition lists its operators',
    expression: 'not sip and ip.ttl',
    text: [
      'Filter parsing error (1:19):',
      'not sip and ip.ttl',
      '                  ^ expected ComparisonOp',
      'RF2005: ip.ttl of type Int is no condition by itself; compare it: `==` `!=` `<` `<=` `>` `>=` `in` `&`',
    ],
  },
  {
    mistake: 'a combination in any() gets its own brackets',
    expression: 'any(tags[*] == "a" or tags[*] == "b")',
    text: [
      'Filter parsing error (1:20):',
      'any(tags[*] == "a" or tags[*] == "b")',
      '                   ^^^^^^^^^^^^^^^^^^ expected literal ")"',
      'RF1006: put brackets around the combination: `any((… or …))`',
    ],
  },
  {
    mistake: 'a misspelt list names the nearest one',
    expression: 'ip.src in $offce',
    text: [
      'Filter parsing error (1:11):',
      'ip.src in $offce',
      '          ^^^^^^ no list named "offce"',
      'RF2010: the list has to exist; the command line takes lists from a policy (-f); did you mean `$office`?',
    ],
  },
  {
    mistake: 'an octal number that is none is read as meant',
    expression: 'ip.ttl == 08',
    text: [
      'Filter parsing error (1:11):',
      'ip.ttl == 08',
      '          ^^ invalid digit found in string while parsing with radix 8',
      'RF3002: a leading 0 means octal; write 8',
    ],
  },
  {
    mistake: 'the second line is counted from its own beginning, in bytes, and its carets in columns',
    expression: 'sip and\n  "é" == ip.proto',
    text: [
      'Filter parsing error (2:3):',
      '  "é" == ip.proto',
      '  ^^^^^^^^^^^^^^^ expected identifier character',
      'RF2003: the field stands on the left, the literal on the right: `ip.ttl > 1`',
    ],
  },
  {
    mistake: 'every mistake is reported, first to last',
    expression: 'ip.src == 10.0.0.0/8 and foo',
    text: [
      'Filter parsing error (1:11):',
      'ip.src == 10.0.0.0/8 and foo',
      "          ^^^^^^^^^^ couldn't parse address in network: invalid IP address syntax",
      'RF3012: a network or range stands in a set: `ip.src in {10.0.0.0/8}`',
      'Filter parsing error (1:26):',
      'ip.src == 10.0.0.0/8 and foo',
      '                         ^^^ unknown identifier',
      'RF2001: there is no field or function `foo`',
    ],
  },
  {
    mistake: "the kind of error stays the engine's, the cure is for what was meant",
    expression: '(sip AND sip)',
    text: [
      'Filter parsing error (1:6):',
      '(sip AND sip)',
      '     ^^^^^^^^ expected literal ")"',
      'RF1021: operators are written in small letters: `and`',
    ],
  },
  {
    mistake: 'an unclosed bracket is named with its place',
    expression: 'sip and (sip or ip.ttl < 5',
    text: [
      'Filter parsing error (1:27):',
      'sip and (sip or ip.ttl < 5',
      '                          ^ expected literal ")"',
      'RF1004: close the bracket that is open since 1:9',
    ],
  },
];

test.each(ROWS)('$mistake', ({ expression, text }) => {
  const read = readExpression(expression, PACKET_LIKE);
  const printed = read.ok ? 'accepted' : read.diagnostics.map(each => printDiagnostic(expression, each)).join('');
  expect(printed).toBe(`${text.join('\n')}\n`);
});
