// What becomes of a probe's answer, error or failure to load, and of the scratch objects, whatever the probes do.

import { examine, isReady } from '../../src/doctor/examine';
import { type Ask, findingOf, no, type Probe, yes } from '../../src/doctor/probe';
import { withScratch } from '../../src/doctor/scratch';

const DESCRIPTION = { question: 'Is it?', neededFor: 'tests', cure: 'mend it' };

function probe(load: () => Ask, required = true): Probe {
  return { ...DESCRIPTION, name: 'p', required, load };
}

function coded(code: string): Error {
  return Object.assign(new Error('the kernel said so'), { code });
}

describe('the answer', () => {
  test.each<[string, () => Ask, string, string]>([
    ['yes', () => () => yes('seen'), 'yes', 'seen'],
    ['no, later', () => async () => no('not seen'), 'no', 'not seen'],
    [
      'of an error that means no',
      () => () => findingOf(coded('EOPNOTSUPP'), ['ENOENT', 'EOPNOTSUPP']),
      'no',
      'the kernel said so',
    ],
    ['of another error', () => () => findingOf(coded('EPERM'), ['ENOENT']), 'could not tell', 'the kernel said so'],
    [
      'of a probe that throws',
      () => () => {
        throw coded('EOPNOTSUPP');
      },
      'could not tell',
      'the kernel said so',
    ],
    [
      'of a probe that cannot be loaded',
      () => {
        throw new Error('no addon');
      },
      'could not tell',
      'no addon',
    ],
  ])('%s', async (_, load, answer, detail) => {
    expect(await examine([probe(load)])).toEqual([{ ...DESCRIPTION, name: 'p', required: true, answer, detail }]);
  });
});

test.each<[string, boolean, 'yes' | 'no' | 'could not tell', boolean]>([
  ['a required yes', true, 'yes', true],
  ['a required no', true, 'no', false],
  ['a required open question', true, 'could not tell', true],
  ['an optional no', false, 'no', true],
])('ready or not: %s', (_, required, answer, ready) => {
  const others = { ...DESCRIPTION, name: 'other', required: true, answer: 'yes', detail: '' } as const;
  expect(isReady([others, { ...DESCRIPTION, name: 'p', required, answer, detail: '' }])).toBe(ready);
});

describe('what a probe made is removed', () => {
  test('in reverse order', async () => {
    const removed: string[] = [];
    await withScratch(async ({ removals }) => {
      removals.push({ what: 'directory', remove: () => removed.push('directory') });
      removals.push({ what: 'mount', remove: () => removed.push('mount') });
    });
    expect(removed).toEqual(['mount', 'directory']);
  });

  test('when the probe fails, whose error stays', async () => {
    const removed: string[] = [];
    const failing = withScratch(async ({ removals }) => {
      removals.push({ what: 'mount', remove: () => removed.push('mount') });
      throw new Error('probe');
    });
    await expect(failing).rejects.toThrow('probe');
    expect(removed).toEqual(['mount']);
  });

  test('past what cannot be removed, which is named', async () => {
    const removed: string[] = [];
    const failing = withScratch(async ({ removals }) => {
      removals.push({ what: 'directory', remove: () => removed.push('directory') });
      removals.push({
        what: 'mount /run/x',
        remove: () => {
          throw new Error('busy');
        },
      });
    });
    await expect(failing).rejects.toMatchObject({
      code: 'doctor.residue',
      message: 'could not remove mount /run/x: busy',
      cure: 'remove by hand: mount /run/x',
    });
    expect(removed).toEqual(['directory']);
  });
});
