// Matching of wildcard patterns over bytes: the whole value, `*` for any bytes, case folded in ASCII unless strict.
// The first and last literal pieces are anchored and those between are found leftmost, which is exact for stars and
// linear in pattern times value.

export const WILDCARD_STAR = 0x2a;
export const WILDCARD_ESCAPE = 0x5c;

export type WildcardPieces =
  | { readonly kind: 'pieces'; readonly literals: readonly Uint8Array[] }
  | { readonly kind: 'bad_escape'; readonly position: number };

/** The literal pieces between unescaped stars: one more than there are stars. */
export function wildcardPieces(pattern: Uint8Array): WildcardPieces {
  const literals: Uint8Array[] = [];
  let piece: number[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const byte = pattern[i] ?? 0;
    if (byte === WILDCARD_STAR) {
      literals.push(Uint8Array.from(piece));
      piece = [];
    } else if (byte === WILDCARD_ESCAPE) {
      const escaped = pattern[++i];
      if (escaped !== WILDCARD_STAR && escaped !== WILDCARD_ESCAPE) return { kind: 'bad_escape', position: i - 1 };
      piece.push(escaped);
    } else {
      piece.push(byte);
    }
  }
  literals.push(Uint8Array.from(piece));
  return { kind: 'pieces', literals };
}

export type WildcardMatcher = (value: Uint8Array) => boolean;

/** `literals` as wildcardPieces gives them. */
export function wildcardMatcher(literals: readonly Uint8Array[], strict: boolean): WildcardMatcher {
  const pieces = literals.map(piece => Buffer.from(strict ? piece : foldCase(piece)));
  const first = pieces[0] ?? Buffer.alloc(0);
  const last = pieces.at(-1) ?? first;
  const between = pieces.slice(1, -1);
  return value => {
    const bytes = Buffer.from(strict ? value : foldCase(value));
    if (pieces.length === 1) return bytes.equals(first);
    const end = bytes.length - last.length;
    if (end < first.length || !bytes.subarray(0, first.length).equals(first) || !bytes.subarray(end).equals(last)) {
      return false;
    }
    let from = first.length;
    for (const piece of between) {
      const found = bytes.indexOf(piece, from);
      if (found < 0 || found + piece.length > end) return false;
      from = found + piece.length;
    }
    return true;
  };
}

/** ASCII letters only. */
export function foldCase(bytes: Uint8Array): Uint8Array {
  return bytes.map(byte => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}
