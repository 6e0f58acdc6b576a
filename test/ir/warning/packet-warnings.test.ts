// What an expression is warned of, and what it is not: every row is a claim about packets that must be right.

import { compileExpression } from '../../../src/compile';
import type { Lists } from '../../../src/ir/address';

/** Code and place of each warning. */
function warned(expression: string, lists?: Lists): string[] {
  const compiled = compileExpression(expression, lists);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ message }) => message).join());
  return compiled.value.warnings.map(({ code, span }) => `${code} ${expression.slice(span.start, span.end)}`);
}

function cures(expression: string): string[] {
  const compiled = compileExpression(expression, undefined);
  return compiled.ok ? compiled.value.warnings.map(({ cure }) => cure) : [];
}

describe('RF4001: a denial that also holds of packets without the field', () => {
  test.each<[string, string[]]>([
    ['tcp.srcport ne 80', ['RF4001 tcp.srcport ne 80']],
    ['not tcp.srcport == 80', ['RF4001 not tcp.srcport == 80']],
    ['not tcp.flags.ack', ['RF4001 not tcp.flags.ack']],
    ['not tcp.dstport in {80 443}', ['RF4001 not tcp.dstport in {80 443}']],
    ['not udp.payload contains "x"', ['RF4001 not udp.payload contains "x"']],
    ['len(udp.payload) ne 9', ['RF4001 len(udp.payload) ne 9']],
    ['bit_slice(tcp, 0, 8) ne 1', ['RF4001 bit_slice(tcp, 0, 8) ne 1']],
    ['ip.proto eq "udp" and tcp.srcport ne 80', ['RF4001 tcp.srcport ne 80']],
    ['ip.proto in {"tcp" "udp"} and tcp.srcport ne 80', ['RF4001 tcp.srcport ne 80']],
    ['not ip.proto eq "tcp" and tcp.srcport ne 80', ['RF4001 tcp.srcport ne 80']],
    ['ip.ttl < 5 or tcp.srcport ne 80', ['RF4001 tcp.srcport ne 80']],
    ['(tcp.dstport == 80 or udp.dstport == 80) and tcp.srcport ne 80', ['RF4001 tcp.srcport ne 80']],
    ['not (tcp.dstport == 80 or tcp.dstport == 443)', ['RF4001 tcp.dstport == 80']],
    ['not (tcp.dstport == 80 or udp.dstport == 53)', ['RF4001 tcp.dstport == 80', 'RF4001 udp.dstport == 53']],
    ['tcp.srcport ne 1 or tcp.dstport ne 2', ['RF4001 tcp.srcport ne 1', 'RF4001 tcp.dstport ne 2']],
    ['tcp.srcport ne 1 and tcp.srcport ne 2', ['RF4001 tcp.srcport ne 1']],
    ['tcp.srcport ne 1 xor tcp.dstport == 2', ['RF4001 tcp.srcport ne 1']],
    ['not (ip.ttl == 1 and not tcp.srcport ne 80)', ['RF4001 tcp.srcport ne 80']],
    ['ip.hdr_len ne 5', ['RF4001 ip.hdr_len ne 5']],
    ['not ip.flags.df', ['RF4001 not ip.flags.df']],
    ['ip.version == 4 and ip.opt.type ne 7', ['RF4001 ip.opt.type ne 7']],
    ['ip.proto eq "tcp" and tcp.mss ne 1460', ['RF4001 tcp.mss ne 1460']],
    ['ip6.flow_label ne 0', ['RF4001 ip6.flow_label ne 0']],
    ['ip.frag_offset ne 0', ['RF4001 ip.frag_offset ne 0']],
    ['ip.proto == "icmp" and icmpv6.type ne 1', ['RF4001 icmpv6.type ne 1']],
  ])('%s', (expression, expected) => {
    expect(warned(expression)).toEqual(expected);
  });

  test.each([
    ['the protocol is given', 'ip.proto eq "tcp" and tcp.srcport ne 80'],
    ['the protocol is given behind it', 'tcp.srcport ne 80 and ip.proto eq "tcp"'],
    ['the protocol is one of a set of one', 'ip.proto in {"tcp"} and tcp.srcport ne 80'],
    ['no other protocol is left', 'not ip.proto ne "tcp" and tcp.srcport ne 80'],
    ['another field of the header is there', 'tcp.dstport == 80 and tcp.srcport ne 80'],
    ['one of the two flags is set', 'tcp.flags.syn and not tcp.flags.ack'],
    ['both alternatives are TCP', '(tcp.dstport == 80 or tcp.dstport == 443) and tcp.srcport ne 80'],
    ['the payload is there', 'len(tcp.payload) > 3 and tcp.srcport ne 80'],
    ['the payload contains something', 'udp.payload contains "x" and not udp.srcport == 53'],
    ['the README has it', 'udp.dstport == 5060 and not ends_with(udp.payload, "xyzzy")'],
    ['it is given further out', 'ip.proto eq "tcp" and (ip.ttl < 5 or tcp.srcport ne 80)'],
    ['other protocols have their own alternative', 'ip.proto ne "tcp" or tcp.dstport ne 80'],
    ['a combination is taken away', 'not (ip.src in {10.0.0.0/8 2001:db8::/32} and tcp.dstport == 80)'],
    ['the IP version is given', 'ip.version == 4 and ip.hdr_len ne 5 and not ip.flags.df'],
    ['addresses of one family stand beside it', 'ip.dst in {192.0.2.0/24} and ip.hdr_len ne 5'],
    ['the header is known to have options', 'ip.hdr_len > 5 and ip.opt.type ne 7'],
    ['the value is compared once', 'ip.frag_offset >= 0 and ip.frag_offset ne 0'],
    ['the option is compared once', 'tcp.mss > 0 and tcp.mss ne 1460'],
    ['every fragment has the header', 'ip.frag and ip.frag_offset ne 0'],
    ['the flag is not set where there is no header for it', 'not ip.flags.mf and not ip.frag'],
    ['the number of the protocol is given', 'ip.proto.num == 6 and tcp.srcport ne 80'],
    ['two negations are none', 'not tcp.srcport ne 80'],
    ['every packet has the field', 'ip.ttl ne 5 and not ip.len < 100'],
    ['only malformed packets have no protocol', 'ip.proto ne "tcp"'],
    ['it is asked for, not denied', 'tcp.srcport == 80 or not udp.dstport ne 53'],
  ])('nothing where %s', (_, expression) => {
    expect(warned(expression)).toEqual([]);
  });

  test('the cure is the expression that is meant, and not warned of', () => {
    expect(cures('tcp.srcport ne 80')).toEqual([
      'absent means: not TCP, a later fragment, or cut off before it; ' +
        'unless that is meant too, write `ip.proto eq "tcp" and tcp.srcport ne 80`',
    ]);
    expect(cures('ip.id ne 7 and ip.opt.type ne 7')).toEqual([
      'absent means: IPv6 without a Fragment header, or it is cut off; ' +
        'unless that is meant too, write `ip.id >= 0 and ip.id ne 7`',
      'absent means: IPv6, or no options (`ip.hdr_len` is 5 or less); ' +
        'unless that is meant too, write `ip.opt.type >= 0 and ip.opt.type ne 7`',
    ]);
    expect(cures('not ip.flags.df')).toEqual([
      'absent means: IPv6; unless that is meant too, write `ip.version eq 4 and not ip.flags.df`',
    ]);
    expect(cures('ip.ttl < 9 or not (udp.dstport == 53 or ip.ttl == 64)')).toEqual([
      'absent means: not UDP, a later fragment, or cut off before it; ' +
        'unless that is meant too, write `ip.proto eq "udp" and not udp.dstport == 53`',
    ]);
  });
});

describe('RF4009: a denial that also holds of every packet of the other IP version', () => {
  test.each<[string, string[]]>([
    ['ip.src ne 192.0.2.1', ['RF4009 ip.src ne 192.0.2.1']],
    ['ip.dst != 2001:db8::1', ['RF4009 ip.dst != 2001:db8::1']],
    ['not ip.src == 192.0.2.1', ['RF4009 not ip.src == 192.0.2.1']],
    ['not ip.src in {10.0.0.0/8} and ip.ttl < 9', ['RF4009 not ip.src in {10.0.0.0/8}']],
    ['ip.src in {10.0.0.0/8 ::/0} and ip.dst ne 192.0.2.1', ['RF4009 ip.dst ne 192.0.2.1']],
    // In each family another one.
    ['ip.src in {10.0.0.0/8} and ip.dst ne 192.0.2.1', []],
    ['ip.src in {0.0.0.0/0} and ip.src ne 192.0.2.1', []],
    ['not ip.src in {10.0.0.0/8 2001:db8::/32}', []],
    ['not ip.src in $office', []],
    ['not ip.src in {} and ip.ttl == 1', ['RF4008 ip.src in {}']],
  ])('%s', (expression, expected) => {
    expect(warned(expression)).toEqual(expected);
  });
});

describe('RF4002 and RF4003: no packet, every packet', () => {
  test.each<[string, string[]]>([
    ['tcp.dstport == 80 and tcp.dstport == 443', ['RF4002 tcp.dstport == 80 and tcp.dstport == 443']],
    [' ip.ttl != 1 or ip.ttl != 2 ', ['RF4003 ip.ttl != 1 or ip.ttl != 2']],
    ['ip.ttl >= 0', ['RF4003 ip.ttl >= 0']],
    ['true', []],
    ['false', []],
    ['ip.src == 192.0.2.1', []],
    ['ip.src in $office', []],
  ])('%s', (expression, expected) => {
    expect(warned(expression)).toEqual(expected);
  });

  test('a list that is known to be empty', () => {
    expect(warned('ip.src in $office', new Map([['office', []]]))).toEqual(['RF4002 ip.src in $office']);
  });
});

describe('RF4005: octal numbers', () => {
  test.each<[string, string[]]>([
    ['tcp.dstport == 0123', ['RF4005 0123']],
    ['tcp.dstport in {010..0100 0}', ['RF4005 010', 'RF4005 0100']],
    ['bit_slice(tcp, 010, 16) == 1', ['RF4005 010']],
    ['tcp.flags & 020', ['RF4005 020']],
    ['ip.ttl == 07', []],
    ['ip.ttl == 00', []],
    ['ip.ttl == 0x10', []],
    ['ip.src in {010.0.0.1}', []],
  ])('%s', (expression, expected) => {
    expect(warned(expression)).toEqual(expected);
  });

  test('the cure says both numbers', () => {
    expect(cures('tcp.dstport == 0123')).toEqual(['a leading 0 means octal; write 83, or 123 if that is meant']);
  });
});

describe('RF4006: numbers that a field never is', () => {
  test.each<[string, string[]]>([
    ['tcp.dstport == 70000 or true', ['RF4003', 'RF4006 tcp.dstport == 70000']],
    ['ip.ttl > 255 or ip.ttl == 1', ['RF4006 ip.ttl > 255']],
    ['ip.ttl < 0 or ip.ttl == 1', ['RF4006 ip.ttl < 0']],
    ['ip.ttl >= 256 or ip.ttl == 1', ['RF4006 ip.ttl >= 256']],
    ['ip.ttl <= -1 or ip.ttl == 1', ['RF4006 ip.ttl <= -1']],
    ['tcp.dstport in {80 70000 1..70000 -5..-1}', ['RF4006 70000', 'RF4006 -5..-1']],
    ['tcp.flags & 0x100 or ip.ttl == 1', ['RF4006 tcp.flags & 0x100']],
    ['bit_slice(ip, 0, 4) == 16 or ip.ttl == 1', ['RF4006 bit_slice(ip, 0, 4) == 16']],
    ['ip.proto eq "tcp" and tcp.dstport ne 65536', ['RF4006 tcp.dstport ne 65536']],
    ['ip.hdr_len == 20 or ip.ttl == 1', ['RF4006 ip.hdr_len == 20']],
    ['ip.version == 7 or ip.ttl == 1', ['RF4006 ip.version == 7']],
    ['ip.proto.num == 256 or ip.ttl == 1', ['RF4006 ip.proto.num == 256']],
    ['ip.frag_offset > 8191 or ip.ttl == 1', ['RF4006 ip.frag_offset > 8191']],
    ['ip.len == 65575', []],
    ['ip.ttl == 255 or ip.ttl < 1', []],
    ['tcp.flags & -1', []],
    ['tcp.dstport in {1..65535}', []],
  ])('%s', (expression, expected) => {
    expect(warned(expression).map(each => (each.startsWith('RF4003') ? 'RF4003' : each))).toEqual(expected);
  });

  test('the cure says what it can be', () => {
    expect(cures('ip.ttl == 1 or tcp.flags > 255')).toEqual(['its values are 0 to 255']);
    expect(cures('ip.ttl == 1 or bit_slice(ip, 0, 4) > 15')).toEqual(['its values are 0 to 15']);
  });
});

describe('RF4007: names that no protocol has', () => {
  test.each<[string, string[]]>([
    ['ip.proto == "tpc" or ip.ttl == 1', ['did you mean "tcp"?']],
    ['ip.proto ne "TCP"', ['did you mean "tcp"?']],
    ['ip.proto in {"udp" "6"}', ['number 6 has the name "tcp"']],
    [
      'ip.proto == "http" or ip.ttl == 1',
      ['the names are those that IANA gives to protocol numbers, in small letters: "tcp", "udp", "icmp", "gre", "esp"'],
    ],
    ['ip.proto == "icmp6"', []],
    ['ip.proto contains "foo" or ip.ttl == 1', []],
    ['starts_with(ip.proto, "tp") or ip.ttl == 1', []],
  ])('%s', (expression, expected) => {
    expect(cures(expression).filter(cure => !cure.startsWith('write `true`'))).toEqual(expected);
  });
});
