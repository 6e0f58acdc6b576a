// Names, types and arguments: what is refused, with which code and where.

import { readExpression } from '../../src/language/expression';
import { PACKET_LIKE } from './packet-like-scheme';

function codes(text: string): string[] {
  const read = readExpression(text, PACKET_LIKE);
  return read.ok ? [] : read.diagnostics.map(each => `${each.code} ${each.span.start}-${each.span.end}`);
}

describe('is accepted', () => {
  test.each([
    ['sip'],
    ['not sip'],
    ['flags["a"] and marks[0]'],
    ['any(marks)'],
    ['any((marks[*]))'],
    ['any((grid[*][*]))'],
    ['any((marks and not marks))'],
    ['any(tags[*] == "a")'],
    ['any(grid[0])'],
    ['lower(tags[*])[0] == "a"'],
    ['any(lower(headers[*])[*] contains "a")'],
    ['any(starts_with(tags[*], "a"))'],
    ['substring(ip.proto, 0, len(ip.proto)) == "a"'],
    ['substring(ip.proto, -2) == "a"'],
    ['is_empty(concat(ip.proto, "a", lower(ip.proto)))'],
    ['concat(tags, tags)[0] == "a"'],
    ['cidr(ip.src, 24, 64) in {192.0.2.0/24}'],
    ['bit_slice(tcp, 0, 32) == 1 and bit_slice(udp, 2008, 2040) & 1'],
  ])('%s', text => {
    expect(codes(text)).toEqual([]);
  });
});

describe('names are looked up', () => {
  test.each([
    ['foo', ['RF2001 0-3']],
    ['foo == 1 and bar == 2', ['RF2001 0-3', 'RF2001 13-16']],
    ['none(marks)', ['RF2001 0-4']],
    ['lower == "a"', ['RF2004 6-12']],
    ['ip.ttl(1) == 1', ['RF2006 6-14']],
    ['and sip', ['RF2002 0-3']],
    ['1 < ip.ttl', ['RF2003 0-1']],
    ['ip.src in $offices', ['RF2010 10-18']],
    ['ip.ttl in $office', ['RF2009 7-17']],
    ['ip.src in $.a', ['RF1018 11-13']],
    ['ip.src in $', ['RF1018 11-11']],
    ['constructor == 1', ['RF2001 0-11']],
    ['__proto__', ['RF2001 0-9']],
  ])('%s yields %j', (text, wanted) => {
    expect(codes(text)).toEqual(wanted);
  });
});

describe('each type has its operators', () => {
  test.each([
    ['ip.src contains "a"', ['RF2008 7-15']],
    ['ip.src & 1', ['RF2008 7-8']],
    ['ip.ttl matches "a"', ['RF2008 7-14']],
    ['ip.ttl strict wildcard "a"', ['RF2008 7-22']],
    ['ip.proto & 1', ['RF2008 9-10']],
    ['tags == "a"', ['RF2008 5-7']],
    ['headers in {"a"}', ['RF2008 8-10']],
    ['sip == 1', ['RF2007 3-8']],
    ['marks == 1', ['RF2007 5-10']],
    ['ip.ttl', ['RF2005 6-6']],
    ['ip.ttl  and sip', ['RF2005 8-15']],
    ['grid', ['RF2005 4-4']],
    ['any((grid[*]))', ['RF2022 12-14']],
    ['any(grid[*])', ['RF2022 4-11']],
  ])('%s yields %j', (text, wanted) => {
    expect(codes(text)).toEqual(wanted);
  });
});

describe('conditions and arrays of conditions do not mix', () => {
  test.each([
    ['marks', ['RF2011 5-5']],
    ['not marks', ['RF2011 9-9']],
    ['tags[*] == "a"', ['RF2011 14-14']],
    ['sip and marks', ['RF2012 13-13']],
    ['marks and sip', ['RF2012 13-13']],
    ['flags and flags', ['RF2012 15-15']],
    ['any(sip)', ['RF2013 4-7']],
    ['any(tags)', ['RF2013 4-8']],
    ['any(tags[*])', ['RF2013 4-11']],
    ['any(ip.ttl == 1)', ['RF2013 4-15']],
    ['any("a")', ['RF2013 4-7']],
    ['any(1)', ['RF2013 4-5']],
    ['any((sip and marks))', ['RF2012 18-20']],
  ])('%s yields %j', (text, wanted) => {
    expect(codes(text)).toEqual(wanted);
  });
});

describe('indexes fit their containers', () => {
  test.each([
    ['ip.ttl[0] == 1', ['RF2014 6-9']],
    ['tags["a"] == "a"', ['RF2014 4-9']],
    ['headers[0] == "a"', ['RF2014 7-10']],
    ['tags[0][0] == "a"', ['RF2014 7-10']],
    ['lower(ip.proto)[0] == "a"', ['RF2014 15-18']],
    ['tags[-1] == "a"', ['RF2015 5-15']],
    ['tags[4294967296] == "a"', ['RF2015 5-23']],
    ['tags[a] == "a"', ['RF1008 5-14']],
    ['tags[] == "a"', ['RF1008 5-13']],
    ['tags[a b] == "a"', ['RF1008 5-16']],
    ['tag[ ', ['RF2001 0-3', 'RF1008 4-4']],
    ['headers["a', ['RF1012 9-10']],
    ['tags[0:2] == "a"', ['RF1009 6-16']],
    ['tags[0,1] == "a"', ['RF1009 6-16']],
    ['headers["\\xff"] == "a"', ['RF2016 8-22']],
    ['tags[4294967295] == "a"', []],
    ['tags[010] == "a"', []],
  ])('%s yields %j', (text, wanted) => {
    expect(codes(text)).toEqual(wanted);
  });
});

describe('arguments are counted and typed', () => {
  test.each([
    ['lower() == "a"', ['RF2017 6-14']],
    ['lower(ip.proto, ip.proto) == "a"', ['RF2017 16-32']],
    ['substring(ip.proto) == "a"', ['RF2017 18-26']],
    ['concat("a") == "a"', ['RF2017 10-18']],
    ['lower("a") == "a"', ['RF2018 6-9']],
    ['starts_with(ip.proto, ip.proto)', ['RF2018 22-30']],
    ['cidr(192.0.2.1, 24, 64) == ::1', ['RF2018 5-14']],
    ['lower(ip.ttl) == "a"', ['RF2019 6-12']],
    ['lower(sip or sip) == "a"', ['RF2019 6-9', 'RF1005 10-24']],
    ['lower(any(marks)) == "a"', ['RF2019 6-16']],
    ['starts_with(ip.proto, 61:62)', ['RF2019 22-24']],
    ['substring(ip.proto, 61:62) == "a"', ['RF1005 22-33']],
    ['concat(sip, sip) == "a"', ['RF2019 7-10']],
    ['concat(ip.proto, tags) == "a"', ['RF2019 17-21']],
    ['concat(headers, headers) == "a"', ['RF2019 7-14']],
    ['concat(tags[*], tags[*])[0] == "a"', ['RF2021 16-23']],
    ['echo(ip.proto, 0x10) == "a"', ['RF2001 15-19']],
    ['echo(ip.proto, 07) == "a"', []],
    ['echo(ip.proto, abc) == "a"', ['RF2023 15-26']],
    ['starts_with(ip.proto, ac:cd)', []],
    ['starts_with(ip.proto, ab:cd)', ['RF2018 22-24']],
    ['lower(ab:cd) == "a"', ['RF1005 8-19']],
    ['bit_slice(tcp, 0, 33) == 1', ['RF2020 18-20']],
    ['bit_slice(tcp, 8, 8) == 1', ['RF2020 18-19']],
    ['bit_slice(tcp, -1, 8) == 1', ['RF2020 15-17']],
    ['bit_slice(tcp, 2030, 2041) == 1', ['RF2020 21-25']],
    ['bit_slice(tcp, ip.ttl, 8) == 1', ['RF2018 15-21']],
  ])('%s yields %j', (text, wanted) => {
    expect(codes(text)).toEqual(wanted);
  });
});
