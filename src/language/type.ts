// The types of the language (Wirefilter's): four primitives, arrays and maps of any type.

export type Type =
  | { readonly kind: 'Bool' | 'Int' | 'Ip' | 'Bytes' }
  | { readonly kind: 'Array' | 'Map'; readonly of: Type };

export const BOOL: Type = { kind: 'Bool' };
export const INT: Type = { kind: 'Int' };
export const IP: Type = { kind: 'Ip' };
export const BYTES: Type = { kind: 'Bytes' };

export function arrayOf(of: Type): Type {
  return { kind: 'Array', of };
}

export function mapOf(of: Type): Type {
  return { kind: 'Map', of };
}

export function sameType(a: Type, b: Type): boolean {
  if (a.kind !== b.kind) return false;
  return !('of' in a) || !('of' in b) || sameType(a.of, b.of);
}

/** `Array<Bytes>` */
export function printType(type: Type): string {
  return 'of' in type ? `${type.kind}<${printType(type.of)}>` : type.kind;
}
