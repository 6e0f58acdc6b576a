// What the bench says of figures: medians, ranges, goals, and the lines of the table.

import { judge } from '../../bench/report/judge';
import { pageWith } from '../../bench/report/page';
import { rowLines } from '../../bench/report/table';
import { type Measurement, oursAtMost, ratioAtLeast, ratioAtMost } from '../../bench/row';

const MEASURED: Measurement = {
  label: 'fw1_8k',
  figures: { ours: { unit: 'ns', runs: [500, 700, 510] }, ratio: { unit: 'times', runs: [62, 59, 61] } },
};

test('a figure is the median of its runs, with the lowest and the highest', () => {
  expect(judge(MEASURED, []).figures.ours).toMatchObject({ median: 510, low: 500, high: 700 });
});

test('of an even number of runs the median is the mean of the two in the middle', () => {
  const four: Measurement = { label: '', figures: { ours: { unit: 'ns', runs: [4, 1, 3, 2] } } };
  expect(judge(four, []).figures.ours?.median).toBe(2.5);
});

test.each([
  ['at least, reached', [ratioAtLeast(61)], true],
  ['at least, missed', [ratioAtLeast(61.5)], false],
  ['at most, reached', [ratioAtMost(61)], true],
  ['both, one missed', [ratioAtLeast(60), oursAtMost(509, 'ns')], false],
  ['a figure that is not there', [{ ...ratioAtLeast(1), figure: 'theirs' }], false],
])('a goal goes by the median: %s', (_, goals, met) => {
  expect(judge(MEASURED, goals).met).toBe(met);
});

test('a packet that differs from the evaluator is a goal missed', () => {
  const check = { packets: 100_000, differences: 1 };
  expect(judge({ ...MEASURED, check }, [ratioAtLeast(60)]).met).toBe(false);
});

const ROW = {
  name: 'classbench-8k',
  what: 'packet cost added',
  against: 'linear nft rules',
  goals: [ratioAtLeast(60), oursAtMost(600, 'ns')],
  date: '2026-11-22T00:00:00Z',
  runs: 3,
};

test('a line of the table has the ratio first, then the goals', () => {
  expect(rowLines({ ...ROW, kind: 'measured', lines: [judge(MEASURED, ROW.goals)] })).toEqual([
    [
      'packet cost added: fw1_8k',
      'linear nft rules',
      '510 ns',
      '',
      '61x (59x to 62x)',
      'at least 60x, at most 600 ns',
      'yes',
      '',
    ],
  ]);
});

test('a row that was skipped says why', () => {
  expect(rowLines({ ...ROW, kind: 'skipped', reason: 'no such file' })[0]).toContain('skipped: no such file');
});

test('the table goes between the markers of the page, and what stands around it stays', () => {
  const machine = {
    cpu: 'CPU',
    cpus: 2,
    memoryGiB: 4,
    kernel: '6.18',
    node: 'v20',
    nft: 'nft',
    iptables: 'iptables',
    ip: 'ip',
    clang: 'clang',
  };
  const page = 'above\n<!-- make bench writes from here -->\nold\n<!-- to here -->\nbelow\n';
  const made = pageWith(page, { machine, rows: [{ ...ROW, kind: 'skipped', reason: 'none' }] });
  expect(made).toMatch(/^above\n<!-- make bench writes from here -->\n\n2 x CPU, 4 GiB, Linux 6\.18/);
  expect(made).toMatch(/\| packet cost added \| .*skipped: none.*\n\n<!-- to here -->\nbelow\n$/);
  expect(made).not.toContain('old');
});
