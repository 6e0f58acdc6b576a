// From the results of a tunnel's probes to its state, without clock or socket. The thresholds are those of Magic Transit
// as its public pages give them; where those leave something open, it was settled so:
//
// - "At least 0.1 % of the last 5 minutes' checks failed, with at least 2 failures": every probe is a check, the repeated
//   ones too. Degraded begins there and ends only when no failure is left in the 5 minutes: a tunnel that loses one
//   packet now and then would otherwise change its routes with every one.
// - "All health checks, or at least three samples in the last one second, fail": a check that fails with both of its
//   repeats (three failures in a row), or three failures within one second, whatever succeeded between them. The first
//   decides at rates that never send three probes a second.
// - "A failure of a healthy tunnel is probed again up to 2 more times": of a degraded one too, which could not be found
//   down otherwise at a low rate. The same for the first success of one that is down: with three in a row it is back.
// - Back from down it is degraded, for the failures of that time are still in the 5 minutes.
// - One that falls again within 5 minutes of its return needs twice as many successes in a row each time, 48 at most.
// - Before any result a tunnel has the state that it is begun with.

import type { TunnelState } from '../network/tunnel-state';
import { countProbe, EMPTY_WINDOW, LOSS_WINDOW, type LossWindow, lossOf } from './loss-window';

/** 0.1 %. */
const DEGRADED_ONE_IN = 1_000;
const DEGRADED_FAILURES = 2;
const DOWN_FAILURES = 3;
const DOWN_WITHIN = 1_000;
const CHECK = 3;
const MOST_FALLS = 5;

export interface Course {
  readonly state: TunnelState;
  readonly window: LossWindow;
  /** Results of one kind in a row: so many successes, or, negative, failures. */
  readonly run: number;
  /** When the last failures were, oldest first; no more than decide. */
  readonly failures: readonly number[];
  /** Times that it went down, each within 5 minutes of its return from the time before. */
  readonly falls: number;
  /** When it last came back from down. */
  readonly returned?: number;
}

export interface ProbeResult {
  /** When it was known, in milliseconds of a clock that never jumps. Never earlier than the result before. */
  readonly at: number;
  readonly success: boolean;
}

export function beginCourse(state: TunnelState): Course {
  return { state, window: EMPTY_WINDOW, run: 0, failures: [], falls: state === 'down' ? 1 : 0 };
}

export function advance(course: Course, { at, success }: ProbeResult): Course {
  const counted: Course = {
    ...course,
    window: countProbe(course.window, at, success),
    run: success ? Math.max(course.run, 0) + 1 : Math.min(course.run, 0) - 1,
    failures: success ? course.failures : [...course.failures, at].slice(-DOWN_FAILURES),
  };
  if (course.state === 'down') {
    return isBack(counted) ? { ...counted, state: 'degraded', failures: [], returned: at } : counted;
  }
  if (isDown(counted, at)) return { ...counted, state: 'down', falls: fallsNow(counted, at) };
  return { ...counted, state: stateByLoss(counted, at) };
}

/** Whether the next probe is to go out at once: a failure, or a return from down, is not believed the first time. */
export function wantsRepeat({ state, run }: Course): boolean {
  return state === 'down' ? run > 0 && run < CHECK : run < 0 && run > -CHECK;
}

function isDown({ run, failures }: Course, at: number): boolean {
  if (run <= -CHECK) return true;
  return failures.filter(failure => failure >= at - DOWN_WITHIN).length >= DOWN_FAILURES;
}

function isBack({ run, falls }: Course): boolean {
  return run >= CHECK * 2 ** (falls - 1);
}

function fallsNow({ falls, returned }: Course, at: number): number {
  return returned !== undefined && at - returned <= LOSS_WINDOW ? Math.min(falls + 1, MOST_FALLS) : 1;
}

function stateByLoss({ state, window }: Course, at: number): TunnelState {
  const { sent, failed } = lossOf(window, at);
  if (state === 'degraded') return failed === 0 ? 'healthy' : 'degraded';
  return failed >= DEGRADED_FAILURES && failed * DEGRADED_ONE_IN >= sent ? 'degraded' : 'healthy';
}
