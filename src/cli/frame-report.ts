// One line a frame, the same from the evaluator (trace) and from the kernel (replay), so that the two can be compared
// with diff(1).

export type FrameReport = JudgedFrame | MatchedFrame | UnseenFrame;

/** By a policy. */
export interface JudgedFrame {
  readonly frame: number;
  readonly verdict: 'drop' | 'pass';
  /** The rule whose block or skip decided; null where none did. */
  readonly rule: RuleName | null;
  /** Every rule that matched on the way, in order. */
  readonly matched: readonly RuleName[];
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

/** The ref that the policy gives, or the 1-based index. */
export type RuleName = string | number;

export function ruleName(ref: string, index: number): RuleName {
  return ref === String(index) ? index : ref;
}

export interface FrameJudgement {
  readonly verdict: 'drop' | 'pass';
  readonly rule: RuleName | undefined;
  readonly matched: readonly RuleName[];
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
