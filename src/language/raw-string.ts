// Raw strings: r"…", r#"…"#, up to 255 hashes. No escapes; the text ends at the first quote that at least as many
// hashes follow.

const MOST_HASHES = 255;

export type RawString =
  | { readonly kind: 'raw'; readonly end: number }
  | { readonly kind: 'raw_hashes' | 'raw_quote' | 'raw_end'; readonly at: number };

/** `start` is the offset of the `r`; nothing at or after `limit` is read. */
export function readRawString(source: string, start: number, limit: number): RawString {
  let open = start + 1;
  while (open < limit && source[open] === '#') open++;
  const hashes = open - start - 1;
  if (hashes > MOST_HASHES) return { kind: 'raw_hashes', at: start + 1 };
  if (open >= limit || source[open] !== '"') return { kind: 'raw_quote', at: open };
  const close = source.indexOf(`"${'#'.repeat(hashes)}`, open + 1);
  if (close < 0 || close + 1 + hashes > limit) return { kind: 'raw_end', at: start + 1 };
  return { kind: 'raw', end: close + 1 + hashes };
}

/** What stands between the quotes. */
export function rawContent(text: string): string {
  const hashes = text.indexOf('"') - 1;
  return text.slice(hashes + 2, text.length - hashes - 1);
}
