// How many probes of the last five minutes were sent and how many failed, as counts in slots of five seconds: the memory
// of a tunnel has a bound, whatever its rate. All times are milliseconds of one clock that never jumps.

/** What "the last 5 minutes" are. The oldest slot goes as a whole, so that a failure counts for 5 s longer at most. */
export const LOSS_WINDOW = 300_000;

const SLOT = 5_000;
const SLOTS = LOSS_WINDOW / SLOT;

/** Oldest first; slots without a probe are left out. */
export type LossWindow = readonly Slot[];

interface Slot {
  /** Slots since the clock's beginning. */
  readonly number: number;
  readonly sent: number;
  readonly failed: number;
}

export interface Loss {
  readonly sent: number;
  readonly failed: number;
}

export const EMPTY_WINDOW: LossWindow = [];

export function countProbe(window: LossWindow, at: number, success: boolean): LossWindow {
  const number = Math.floor(at / SLOT);
  const kept = window.filter(slot => isWithin(slot, number));
  const last = kept.at(-1);
  const slot = last?.number === number ? last : { number, sent: 0, failed: 0 };
  const counted = { number, sent: slot.sent + 1, failed: slot.failed + (success ? 0 : 1) };
  return [...(slot === last ? kept.slice(0, -1) : kept), counted];
}

export function lossOf(window: LossWindow, at: number): Loss {
  const now = Math.floor(at / SLOT);
  let sent = 0;
  let failed = 0;
  for (const slot of window) {
    if (!isWithin(slot, now)) continue;
    sent += slot.sent;
    failed += slot.failed;
  }
  return { sent, failed };
}

/** The slot under way and the five minutes before it. */
function isWithin(slot: Slot, now: number): boolean {
  return slot.number >= now - SLOTS;
}
