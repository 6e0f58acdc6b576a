// Probes one tunnel at its rate and repeats what is not believed the first time. One timer, and what is remembered has a
// bound.

import type { TunnelState } from '../network/tunnel-state';
import type { Target } from '../reconcile/target';
import { Exchange } from './exchange';
import type { InternetAnswers } from './internet-answers';
import { lossOf } from './loss-window';
import type { MonitoredTunnel } from './monitored-tunnel';
import { probePath } from './probe-path';
import type { ProbeRates, ProbeTiming } from './rate';
import { type Failure, noPath, noReply } from './reason';
import { advance, beginCourse, type Course, wantsRepeat } from './state';
import type { HealthReason, TunnelHealth } from './tunnel-health';

export interface ProberSurroundings {
  readonly place: Target;
  readonly answers: InternetAnswers;
  readonly rates: ProbeRates;
  /** The state is another one. */
  readonly changed: () => void;
}

/** What is done at a time, made anew with every other check. */
interface Check {
  readonly timing: ProbeTiming;
  readonly failure: Failure;
  /** Absent where the tunnel's addresses leave nothing to probe. */
  readonly exchange?: Exchange;
}

/** Of the interval: tunnels that were set up together are not probed together. */
const JITTER = 0.1;

export class Prober {
  readonly #surroundings: ProberSurroundings;
  #check: Check;
  #course: Course;
  #since = new Date();
  #rtt: number | undefined;
  #reason: HealthReason | undefined;
  #nextAt: number;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(tunnel: MonitoredTunnel, state: TunnelState, surroundings: ProberSurroundings) {
    this.#surroundings = surroundings;
    this.#course = beginCourse(state);
    this.#check = this.#checkOf(tunnel);
    this.#nextAt = performance.now() + Math.random() * this.#check.timing.interval;
    this.#schedule();
  }

  health(): TunnelHealth {
    return {
      state: this.#course.state,
      since: this.#since,
      loss: lossOf(this.#course.window, performance.now()),
      ...(this.#rtt !== undefined && { rtt: this.#rtt }),
      ...(this.#reason && { reason: this.#reason }),
    };
  }

  /** The same tunnel with other addresses inside or another check: what is known of it stays. */
  update(tunnel: MonitoredTunnel): void {
    this.#check.exchange?.close();
    this.#check = this.#checkOf(tunnel);
    this.#nextAt = Math.min(this.#nextAt, performance.now() + this.#check.timing.interval);
    this.#schedule();
  }

  /** Lets go of the namespace until the next probe. What is under way is no failure. */
  reopen(): void {
    this.#check.exchange?.reopen();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#check.exchange?.close();
  }

  #checkOf(tunnel: MonitoredTunnel): Check {
    const { place, answers, rates } = this.#surroundings;
    const timing = rates[tunnel.health.rate];
    const path = probePath(tunnel);
    if (path.kind === 'none') return { timing, failure: noPath(path) };
    const answered = (rtt: number) => this.#succeeded(rtt);
    const { timeout } = timing;
    const exchange = new Exchange({ path, device: tunnel.name, place, answers, timeout, answered });
    return { timing, failure: noReply(path, timeout), exchange };
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const at = Math.min(this.#nextAt, this.#check.exchange?.deadline ?? Number.POSITIVE_INFINITY);
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, at - performance.now()));
  }

  #wake(): void {
    const now = performance.now();
    const { exchange, timing } = this.#check;
    // If this process was held up, answers lie in the sockets: they are read between the timers and setImmediate().
    if (exchange?.deadline !== undefined && exchange.deadline <= now) {
      setImmediate(() => this.#giveUp(exchange, now));
      return;
    }
    if (this.#nextAt <= now) {
      this.#nextAt = now + timing.interval * (1 + JITTER * (2 * Math.random() - 1));
      this.#probe();
    }
    this.#schedule();
  }

  #giveUp(exchange: Exchange, now: number): void {
    for (let late = exchange.giveUp(now); late > 0; late--) this.#failed(this.#check.failure);
    this.#schedule();
  }

  #probe(): void {
    const { exchange, failure } = this.#check;
    const hindrance = exchange === undefined ? failure : exchange.send();
    if (hindrance !== undefined) this.#failed(hindrance);
  }

  #succeeded(rtt: number): void {
    this.#rtt = rtt;
    this.#counted(true);
    if (this.#course.state === 'healthy') this.#reason = undefined;
    this.#schedule();
  }

  #failed({ reason, countsAsFailure }: Failure): void {
    this.#reason = { ...reason, at: new Date() };
    if (countsAsFailure) this.#counted(false);
  }

  /** Whoever is told of a state may close this. */
  #counted(success: boolean): void {
    if (this.#closed) return;
    const { state } = this.#course;
    this.#course = advance(this.#course, { at: performance.now(), success });
    if (this.#course.state !== state) {
      this.#since = new Date();
      this.#surroundings.changed();
    }
    if (!this.#closed && wantsRepeat(this.#course)) this.#probe();
  }
}
