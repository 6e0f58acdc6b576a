// One line a frame, the same from the evaluator (trace) and from the kernel (replay), so that the two can be compared
// with diff(1).

export type FrameReport = JudgedFrame | MatchedFrame | UnseenFrame;

/** By a policy. Rules go by their ref, which is the index as text where the policy gives none. */
export interface JudgedFrame {
  readonly frame: number;
  readonly verdict: 'drop' | 'pass';
  /** The rule whose block or skip decided; null where none did. */
  readonly rule: string | null;
  /** Every rule that matched on the way, in order. */
  readonly matched: readonly string[];
}

/** By one expression. */
export interface MatchedFrame {
  readonly frame: number;
  readonly match: boolean;
}

/** Discarded before the firewall's hook, or no IP packet at all. */
export interface UnseenFrame {
  readonly frame: number;
  readonly verdict: 'unseen';
  readonly reason: string;
}

export interface FrameJudgement {
  readonly verdict: 'drop' | 'pass';
  readonly rule: string | undefined;
  readonly matched: readonly string[];
}

/** `single`: the rules are one expression, of which only the match is told. */
export function frameReport(frame: number, { verdict, rule, matched }: FrameJudgement, single: boolean): FrameReport {
  return single ? { frame, match: matched.length > 0 } : { frame, verdict, rule: rule ?? null, matched };
}

export function printFrameReport(report: FrameReport): string {
  if ('match' in report) return `${report.frame}: ${report.match ? 'match' : 'no match'}`;
  if (report.verdict === 'unseen') return `${report.frame}: unseen (${report.reason})`;
  const decided = report.rule === null ? 'no rule decided' : `rule ${report.rule}`;
  return `${report.frame}: ${report.verdict}, ${decided}; matched: ${report.matched.join(', ') || 'none'}`;
}
