import { outputTo, type Sink } from '../../src/cli/output';

function written(json: boolean, value: unknown): string {
  const parts: string[] = [];
  const sink: Sink = { write: text => parts.push(text) };
  outputTo({ stdout: sink, stderr: sink }, json).print(value, () => 'as text');
  return parts.join('');
}

test('integers of 64 bits keep their digits in JSON', () => {
  expect(written(true, { packets: 9223372036854775807n, list: [1n, 2] })).toBe(
    '{"packets":9223372036854775807,"list":[1,2]}\n',
  );
});

test.each([
  ['the greatest that a double holds with all before it', 9007199254740991n, '9007199254740991'],
  ['the next one', 9007199254740992n, '9007199254740992'],
  ['one that a double does not hold', 9007199254740993n, '9007199254740993'],
  ['a negative one', -9007199254740993n, '-9007199254740993'],
])('%s keeps its digits beside a small one', (_, value, digits) => {
  expect(written(true, [1n, value, { small: 2n }])).toBe(`[1,${digits},{"small":2}]\n`);
});

test('JSON is one line whatever the strings in it', () => {
  expect(written(true, { text: 'a\nb "c"' })).toBe('{"text":"a\\nb \\"c\\""}\n');
});

test('without --json the text is printed, not the value', () => {
  expect(written(false, { packets: 1n })).toBe('as text\n');
});
