// The state machine of tunnel health over results with times: each row is a story, its states written out by hand.

import { advance, beginCourse, type Course, wantsRepeat } from '../../src/health/state';
import type { TunnelState } from '../../src/network/tunnel-state';

/** 'milliseconds ok|fail state', with 'again' behind it where the next probe is to go out at once. */
type Step = `${number} ${'ok' | 'fail'} ${TunnelState}${'' | ' again'}`;

function told(course: Course, step: Step): { course: Course; text: string } {
  const [at, result] = step.split(' ');
  const next = advance(course, { at: Number(at), success: result === 'ok' });
  return { course: next, text: `${at} ${result} ${next.state}${wantsRepeat(next) ? ' again' : ''}` };
}

function story(begun: TunnelState, steps: readonly Step[]): string[] {
  let course = beginCourse(begun);
  return steps.map(step => {
    const after = told(course, step);
    course = after.course;
    return after.text;
  });
}

const STORIES: readonly [name: string, begun: TunnelState, steps: readonly Step[]][] = [
  ['a tunnel whose probes succeed stays healthy', 'healthy', ['0 ok healthy', '1000 ok healthy', '2000 ok healthy']],
  [
    'one failure is probed again and changes nothing if that succeeds',
    'healthy',
    ['0 ok healthy', '1000 fail healthy again', '1020 ok healthy', '2000 ok healthy'],
  ],
  [
    'a failure and its first repeat are two failures: degraded',
    'healthy',
    ['0 ok healthy', '10000 fail healthy again', '12000 fail degraded again', '12020 ok degraded'],
  ],
  [
    'a check that fails with both repeats is down, however far apart they are',
    'healthy',
    ['0 ok healthy', '10000 fail healthy again', '12000 fail degraded again', '14000 fail down', '20000 fail down'],
  ],
  [
    'the first check of all may be the one that fails',
    'healthy',
    ['0 fail healthy again', '1000 fail degraded again', '2000 fail down'],
  ],
  [
    'three failures within one second are down, whatever succeeds between them',
    'healthy',
    ['0 fail healthy again', '200 ok healthy', '400 fail degraded again', '600 ok degraded', '1000 fail down'],
  ],
  [
    'three failures in more than one second with successes between them are not',
    'healthy',
    [
      '0 fail healthy again',
      '200 ok healthy',
      '400 fail degraded again',
      '600 ok degraded',
      '1001 fail degraded again',
    ],
  ],
  [
    'a degraded tunnel is healthy when no failure is left in the 5 minutes, and not when the first of two has left',
    'healthy',
    [
      '0 fail healthy again',
      '10 ok healthy',
      '100000 fail degraded again',
      '100010 ok degraded',
      '304999 ok degraded',
      '305000 ok degraded',
      '404999 ok degraded',
      '405000 ok healthy',
    ],
  ],
  [
    'two failures more than 5 minutes apart do not degrade',
    'healthy',
    ['0 fail healthy again', '10 ok healthy', '305000 fail healthy again', '305010 ok healthy'],
  ],
  [
    'two failures 5 minutes apart do',
    'healthy',
    ['4999 fail healthy again', '5010 ok healthy', '304999 fail degraded again', '305010 ok degraded'],
  ],
  [
    'the first success of a down tunnel is probed again, and the third brings it back as degraded',
    'down',
    ['0 fail down', '10000 ok down again', '10020 ok down again', '10040 ok degraded', '20000 ok degraded'],
  ],
  [
    'a failure among the three begins anew',
    'down',
    [
      '0 fail down',
      '10000 ok down again',
      '10020 ok down again',
      '12000 fail down',
      '20000 ok down again',
      '20020 ok down again',
      '20040 ok degraded',
    ],
  ],
  [
    'a tunnel that is back is not down by the failures from before its return',
    'healthy',
    [
      '0 fail healthy again',
      '200 fail degraded again',
      '400 fail down',
      '500 ok down again',
      '510 ok down again',
      '520 ok degraded',
      '600 fail degraded again',
      '610 ok degraded',
    ],
  ],
  [
    'one that falls again soon needs six successes, of which only the first two are hurried',
    'down',
    [
      '0 ok down again',
      '20 ok down again',
      '40 ok degraded',
      '1000 fail degraded again',
      '1500 fail degraded again',
      '2000 fail down',
      '3000 ok down again',
      '3020 ok down again',
      '3040 ok down',
      '4000 ok down',
      '5000 ok down',
      '6000 ok degraded',
    ],
  ],
  [
    'one that falls more than 5 minutes after its return needs three again',
    'down',
    [
      '0 ok down again',
      '20 ok down again',
      '40 ok degraded',
      '300041 fail degraded again',
      '300100 fail degraded again',
      '300200 fail down',
      '310000 ok down again',
      '310020 ok down again',
      '310040 ok degraded',
    ],
  ],
  ['one that was degraded when the watching began is healthy with the first success', 'degraded', ['0 ok healthy']],
];

it.each(STORIES)('%s', (_, begun, steps) => {
  expect(story(begun, steps)).toEqual(steps);
});

describe('the share of failures', () => {
  /** Failures on the first probes of `sent` within 5 minutes, evenly spaced by successes. */
  function stateAfter(sent: number, failedAt: readonly number[]): TunnelState {
    let course = beginCourse('healthy');
    for (let probe = 0; probe < sent; probe++) {
      course = advance(course, { at: probe * 100, success: !failedAt.includes(probe) });
    }
    return course.state;
  }

  it.each([
    ['2 of 2,000 are 0.1 %', 2_000, [0, 1_999], 'degraded'],
    ['2 of 2,001 are less', 2_001, [0, 2_000], 'healthy'],
    ['3 of 2,001 are more', 2_001, [0, 1_000, 2_000], 'degraded'],
    ['1 of 10 is more than 0.1 %, and too few', 10, [5], 'healthy'],
  ] as const)('%s', (_, sent, failedAt, state) => {
    expect(stateAfter(sent, failedAt)).toBe(state);
  });
});

it('a tunnel that falls again and again needs 48 successes and never more', () => {
  let course = beginCourse('healthy');
  let at = 0;
  const needed: number[] = [];
  for (let fall = 0; fall < 7; fall++) {
    for (; course.state !== 'down'; at += 100) course = advance(course, { at, success: false });
    const fellAt = at;
    for (; course.state === 'down'; at += 100) course = advance(course, { at, success: true });
    needed.push((at - fellAt) / 100);
  }
  expect(needed).toEqual([3, 6, 12, 24, 48, 48, 48]);
});

it('what is remembered of a tunnel has a bound', () => {
  let course = beginCourse('healthy');
  for (let probe = 0; probe < 20_000; probe++) course = advance(course, { at: probe * 200, success: probe % 3 > 0 });
  expect(course.window.length).toBe(61);
  expect(course.failures.length).toBe(3);
});
