// Cases as JSON lines: what an expression is worth over values, in text to text, and what becomes of bad lines.

import { runCaseLine } from '../../src/language/corpus-case';

const SCHEME =
  '{"s":"Bytes?","n":"Int?","a":"Ip?","b":"Bool?","tags":"Array<Bytes>?","marks":"Array<Bool>?","more":"Array<Bool>?",' +
  '"kv":"Map<Bytes>?","hdr":"Map<Array<Bytes>>?","grid":"Array<Array<Bytes>>?","must":"Int"}';

function result(expr: string, context: string, more = ''): unknown {
  const line = `{"id":"1","expr":${JSON.stringify(expr)},"scheme":${SCHEME},"context":${context}${more}}`;
  const outcome = JSON.parse(runCaseLine(line));
  return outcome.result ?? outcome.error;
}

describe('comparisons', () => {
  test.each([
    ['n == 9223372036854775807', '{"n":9223372036854775807}', true],
    ['n == 9223372036854775807', '{"n":9223372036854775806}', false],
    ['n > -1', '{"n":0}', true],
    ['n & 6', '{"n":8}', false],
    ['n & 6', '{"n":2}', true],
    ['n & -1', '{"n":0}', false],
    ['n in {1..3 5}', '{"n":5}', true],
    ['n in {}', '{"n":5}', false],
    ['s < "b"', '{"s":"ab"}', true],
    ['s < "\\xff"', '{"s":"é"}', true],
    ['s contains ""', '{"s":""}', true],
    ['s == "\\xff"', '{"s":[255]}', true],
    ['s in {"a" 62:63}', '{"s":"bc"}', true],
    ['s wildcard "A*"', '{"s":"abc"}', true],
    ['s strict wildcard "A*"', '{"s":"abc"}', false],
    ['s matches "^.$"', '{"s":"é"}', false],
    ['s matches "(?u)^.$"', '{"s":"é"}', true],
    ['a < 10.0.0.2', '{"a":"10.0.0.1"}', true],
    ['a < ::1', '{"a":"10.0.0.1"}', false],
    ['a >= ::1', '{"a":"10.0.0.1"}', false],
    ['a != ::1', '{"a":"10.0.0.1"}', true],
    ['a == ::ffff:10.0.0.1', '{"a":"10.0.0.1"}', false],
    ['a in {0.0.0.0/0}', '{"a":"::1"}', false],
    ['a in {::/0}', '{"a":"::1"}', true],
  ])('%s over %s is %s', (expr, context, wanted) => {
    expect(result(expr, context)).toBe(wanted);
  });
});

describe('a missing value makes every operator false, except != ', () => {
  test.each([
    ['s == "x"', false],
    ['s != "x"', true],
    ['not s != "x"', false],
    ['s contains ""', false],
    ['n <= 0', false],
    ['n & 1', false],
    ['n in {0..9}', false],
    ['a != ::1', true],
    ['b', false],
    ['not b', true],
    ['tags[0] != "x"', true],
    ['kv["k"] != "x"', true],
    ['hdr["a"][0] == "x"', false],
    ['any(tags[*] == "x")', false],
    ['all(tags[*] == "x")', true],
    ['any(marks)', false],
    ['all(marks)', false],
    ['all((marks))', true],
    ['all(not marks)', true],
    ['all(starts_with(tags[*], "a"))', false],
    ['len(s) >= 0', false],
    ['not len(s) >= 0', true],
    ['concat("x", s) == "x"', true],
    ['concat(s, s) != "x"', true],
    ['any(lower(tags[*])[*] == "x")', false],
  ])('%s is %s', (expr, wanted) => {
    expect(result(expr, '{}')).toBe(wanted);
  });

  test.each([
    ['s != "x"', false],
    ['not s == "x"', true],
    ['all(tags[*] != "x")', true],
    ['tags[0] != "x"', false],
  ])('with nil_not_equal off %s is %s', (expr, wanted) => {
    expect(result(expr, '{}', ',"nil_not_equal":false')).toBe(wanted);
  });
});

describe('arrays and maps', () => {
  const context =
    '{"tags":["a","b"],"marks":[true,false,true],"more":[false,false],"grid":[["a"],["b","c"]],' +
    '"kv":{"z":"1","a":"2"},"hdr":[["h",["x","y"]],["e",[]]]}';
  test.each([
    ['tags[1] == "b"', true],
    ['tags[2] != "b"', true],
    ['any(tags[*] == "b")', true],
    ['all(tags[*] == "b")', false],
    ['any((marks and not more))', true],
    ['all((marks or more))', false],
    ['all((marks xor more))', false],
    ['any(not marks or more)', true],
    ['all(grid[*][1] == "c")', true],
    ['any(grid[*][*] == "c")', true],
    ['all(grid[*][9] == "c")', true],
    ['lower(kv[*])[0] == "2"', true],
    ['kv["z"] == "1"', true],
    ['hdr["h"][1] == "y"', true],
    ['all(hdr[*][0] == "x")', true],
    ['concat(tags, tags)[3] == "b"', true],
    ['any(concat(tags[*], "!")[*] == "b!")', true],
    ['any(split(tags[*], "b")[*][1] == "")', true],
  ])('%s is %s', (expr, wanted) => {
    expect(result(expr, context)).toBe(wanted);
  });

  test('element-wise logic is cut to the shorter array', () => {
    // The third mark has no partner: position 0 and 1 give false, so nothing is left that could be true.
    expect(result('any((marks and more))', context)).toBe(false);
    expect(result('all((marks and not more))', '{"marks":[true,true,false],"more":[false,false]}')).toBe(true);
  });
});

describe('lists', () => {
  const lists = ',"lists":{"Ip":{"office":["192.0.2.0/24","::1"]},"Int":{"ports":["80",443]},"Bytes":{"hosts":["a"]}}';
  test.each([
    ['a in $office', '{"a":"192.0.2.9"}', true],
    ['a in $office', '{"a":"::1"}', true],
    ['a in $office', '{"a":"192.0.3.9"}', false],
    ['a in $none', '{"a":"192.0.2.9"}', false],
    ['n in $ports', '{"n":443}', true],
    ['n in $ports', '{"n":81}', false],
    ['s in $hosts', '{"s":"a"}', true],
    ['a in $office', '{}', false],
  ])('%s over %s is %s', (expr, context, wanted) => {
    expect(result(expr, context, lists)).toBe(wanted);
  });
});

test('and and or stop early, xor does not: only then is a mandatory field without a value a mistake', () => {
  const missing = { kind: 'MissingField', message: expect.stringContaining('must has no value') };
  expect(result('b and must == 1', '{"b":false}')).toBe(false);
  expect(result('b or must == 1', '{"b":true}')).toBe(true);
  expect(result('b and must == 1', '{"b":true}')).toEqual(missing);
  expect(result('b xor must == 1', '{"b":true}')).toEqual(missing);
});

describe('result lines', () => {
  test.each([
    [
      'integers keep 64 bits in the AST',
      '{"id":"1","expr":"n == 9223372036854775807","scheme":{"n":"Int"}}',
      '{"id":"1","valid":true,"ast":{"lhs":"n","op":"Equal","rhs":9223372036854775807}}',
    ],
    [
      'bytes that are no text are arrays of numbers',
      '{"id":"1","expr":"s in {\\"\\\\xff\\" 61:62 \\"a\\"}","scheme":{"s":"Bytes"}}',
      '{"id":"1","valid":true,"ast":{"lhs":"s","op":"OneOf","rhs":[[255],[97,98],"a"]}}',
    ],
    [
      'the strict wildcard has its own name',
      '{"id":"1","expr":"s strict wildcard \\"*\\"","scheme":{"s":"Bytes"}}',
      '{"id":"1","valid":true,"ast":{"lhs":"s","op":"Strict Wildcard","rhs":"*"}}',
    ],
    [
      'a value is an expression in value mode',
      '{"id":"1","expr":" kv[\\"k\\"] ","scheme":{"kv":"Map<Int>"},"mode":"value"}',
      '{"id":"1","valid":true,"ast":["kv",{"kind":"MapKey","value":"k"}]}',
    ],
    ['a line that is no JSON has no id', '{"id":"1"', '{"id":null,"error":{"kind":"MalformedCase"'],
    ['a case without an expression says so', '{"id":"7","scheme":{}}', '{"id":"7","error":{"kind":"MalformedCase"'],
    [
      'an unknown type says so',
      '{"id":"7","expr":"a","scheme":{"a":"Float"}}',
      '{"id":"7","error":{"kind":"MalformedCase","message":"Float is no type"}}',
    ],
    [
      'a value of another type says so',
      '{"id":"7","expr":"a == 1","scheme":{"a":"Int"},"context":{"a":"x"}}',
      '{"id":"7","error":{"kind":"MalformedCase","message":"a is no Int"}}',
    ],
    [
      'an integer beyond 64 bits is no value',
      '{"id":"7","expr":"a == 1","scheme":{"a":"Int"},"context":{"a":9223372036854775808}}',
      '{"id":"7","error":{"kind":"MalformedCase","message":"a is no Int"}}',
    ],
    [
      'an error has its kind and place in bytes',
      '{"id":"1","expr":"é","scheme":{}}',
      '{"id":"1","valid":false,"error":{"kind":"ExpectedName","line":1,"col":1,"span_len":2,',
    ],
  ])('%s', (_, line, wanted) => {
    expect(runCaseLine(line).slice(0, wanted.length)).toBe(wanted);
  });
});

describe('value mode refuses what is not one value', () => {
  test.each([
    ['tags[*]', 'TypeMismatch', 1],
    ['"a"', 'ExpectedName', 1],
    ['(s)', 'ExpectedName', 1],
    ['s or s', 'EOF', 2],
    ['s == "a"', 'EOF', 2],
    ['any(marks)', 'UnknownIdentifier', 1],
    ['not b', 'UnknownIdentifier', 1],
    ['nope', 'UnknownIdentifier', 1],
  ])('%s', (expr, kind, col) => {
    const line = `{"id":"1","expr":${JSON.stringify(expr)},"scheme":${SCHEME},"mode":"value"}`;
    expect(JSON.parse(runCaseLine(line))).toMatchObject({ valid: false, error: { kind, col } });
  });
});
