// docs/performance.md: written by hand but for the table, which stands between two markers.

import type { Machine } from './machine';
import type { Results } from './result';
import { resultsTable } from './table';

const BEGIN = '<!-- make bench writes from here -->';
const END = '<!-- to here -->';

/** The page with the table of these results. */
export function pageWith(page: string, results: Results): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page has no place for the table: ${BEGIN} and ${END}`);
  const made = [BEGIN, '', machineText(results.machine), '', resultsTable(results), '', ''].join('\n');
  return page.slice(0, begin) + made + page.slice(end);
}

function machineText({ cpu, cpus, memoryGiB, kernel, node, nft, iptables, clang }: Machine): string {
  return [
    `${cpus} x ${cpu}, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}; ${nft}; ${iptables}; ${clang}.`,
    'A ratio is the median of the runs, each run measuring both sides; behind it the lowest and the highest run.',
  ].join('\n');
}
