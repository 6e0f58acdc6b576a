// The probes of one tunnel and their answers: what was sent is held against what comes back, by either way.

import { randomBytes } from 'node:crypto';
import type { Target } from '../reconcile/target';
import { answerOf, type Echo, probePacket, TOKEN_BYTES } from './echo';
import type { InternetAnswers } from './internet-answers';
import type { ProbePath } from './probe-path';
import { socketAddress } from './raw-socket';
import { type Failure, NO_ROOM, notSent } from './reason';
import { TunnelSocket } from './tunnel-socket';

/** A probe that may still be answered; times in milliseconds of performance.now(). */
interface UnderWay {
  readonly sequence: number;
  readonly token: Uint8Array;
  readonly sentAt: number;
  readonly deadline: number;
}

export interface ExchangeOptions {
  readonly path: ProbePath;
  readonly device: string;
  readonly place: Target;
  readonly answers: InternetAnswers;
  /** So many milliseconds an answer is waited for. */
  readonly timeout: number;
  /** Once for each probe that is answered, with its milliseconds. */
  readonly answered: (rtt: number) => void;
}

export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #nextHop: Uint8Array;
  readonly #socket: TunnelSocket;
  readonly #prober: number;
  readonly #identifier = randomBytes(2).readUInt16BE();
  #sequence = 0;
  /** In the order of their deadlines. */
  #underWay: readonly UnderWay[] = [];

  constructor(options: ExchangeOptions) {
    const { path, device, place, answers } = options;
    this.#options = options;
    this.#nextHop = socketAddress(path.nextHop);
    this.#socket = new TunnelSocket(place, device, path.family, datagram => {
      const answer = answerOf(path.family, datagram);
      if (answer !== undefined) this.#heard('tunnel', answer);
    });
    this.#prober = answers.join(answer => this.#heard('internet', answer));
  }

  /** When the first of the probes under way is given up. */
  get deadline(): number | undefined {
    return this.#underWay[0]?.deadline;
  }

  /** undefined: a probe is under way. */
  send(): Failure | undefined {
    const { path, answers, device, timeout } = this.#options;
    const echo = {
      identifier: this.#identifier,
      sequence: this.#sequence,
      prober: this.#prober,
      token: randomBytes(TOKEN_BYTES),
    };
    const sentAt = performance.now();
    try {
      if (path.answer === 'internet') answers.listen(path.family);
      if (!this.#socket.send(probePacket(path, echo), this.#nextHop)) return NO_ROOM;
    } catch (error) {
      return notSent(error, device);
    }
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#underWay = [...this.#underWay, { ...echo, sentAt, deadline: sentAt + timeout }];
    return undefined;
  }

  /** How many probes are under way whose deadline has come; they are no more. */
  giveUp(now: number): number {
    const before = this.#underWay.length;
    this.#underWay = this.#underWay.filter(({ deadline }) => deadline > now);
    return before - this.#underWay.length;
  }

  /** Lets go of the namespace until the next probe; those under way are forgotten. */
  reopen(): void {
    this.#socket.close();
    this.#underWay = [];
  }

  close(): void {
    this.#options.answers.leave(this.#prober);
    this.reopen();
  }

  /** An answer by the other way, to no probe under way, or with another token is none. */
  #heard(way: 'tunnel' | 'internet', { identifier, sequence, prober, token }: Echo): void {
    if (this.#options.path.answer !== way || identifier !== this.#identifier || prober !== this.#prober) return;
    const probe = this.#underWay.find(each => each.sequence === sequence);
    if (probe === undefined || Buffer.compare(probe.token, token) !== 0) return;
    this.#underWay = this.#underWay.filter(each => each !== probe);
    this.#options.answered(performance.now() - probe.sentAt);
  }
}
