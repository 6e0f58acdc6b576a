// The names that a misspelt one probably meant, by edit distance (insertions, deletions, replacements and swaps of
// neighbours, each one step), ignoring case.

const MOST = 3;

/** The nearest, at most three if they are equally near; up to a third of the letters may be wrong. */
export function nearestNames(name: string, known: Iterable<string>): readonly string[] {
  let nearest = Math.max(1, Math.floor(name.length / 3));
  let found: string[] = [];
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > nearest) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance > nearest) continue;
    if (distance < nearest) found = [];
    nearest = distance;
    found.push(candidate);
  }
  return found.sort().slice(0, MOST);
}

/** Optimal string alignment, by rows. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(beforeLast, j - 2) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
