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

test('JSON is one line whatever the strings in it', () => {
  expect(written(true, { text: 'a\nb "c"' })).toBe('{"text":"a\\nb \\"c\\""}\n');
});

test('without --json the text is printed, not the value', () => {
  expect(written(false, { packets: 1n })).toBe('as text\n');
});
