// What a dry run says: what would change, and what of it the kernel would refuse.

import type { DryRun } from '../reconcile/dry-run';
import type { ErrorReport } from '../report/error-report';
import { differenceLines } from './difference-lines';
import { EXIT, type ExitCode } from './exit-code';
import type { Output } from './output';
import { printReport } from './output-error';

/** Status 1 where something would be refused. `place` is added to the JSON. */
export function printDryRun(
  output: Output,
  tried: DryRun & { readonly warnings: readonly ErrorReport[] },
  place: Readonly<Record<string, unknown>>,
): ExitCode {
  output.print({ ...place, dryRun: true, ...tried }, () => dryRunText(tried));
  return tried.refusals.length === 0 ? EXIT.done : EXIT.refused;
}

function dryRunText({ difference, refusals }: DryRun): string {
  const refused = refusals.map(({ ref, ...report }) => {
    return printReport(ref === undefined ? report : { ...report, place: `rule ${ref}` }).trimEnd();
  });
  const verdict = refusals.length === 0 ? 'the kernel would take it' : 'the kernel would refuse it';
  const changes =
    difference === undefined ? [] : difference.none ? ['  nothing would change'] : differenceLines(difference);
  return [`${verdict}; nothing has changed`, ...changes, ...refused].join('\n');
}
