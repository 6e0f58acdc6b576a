// Types as text: Bool Int Ip Bytes Array<T> Map<T>, at most 32 layers deep.

import { arrayOf, BOOL, BYTES, INT, IP, mapOf, type Type } from './type';

const MOST_LAYERS = 32;

const PRIMITIVES: ReadonlyMap<string, Type> = new Map([
  ['Bool', BOOL],
  ['Int', INT],
  ['Ip', IP],
  ['Bytes', BYTES],
]);

/** undefined when the text is no type. */
export function readType(text: string): Type | undefined {
  const layers: string[] = [];
  let rest = text;
  for (;;) {
    const layer = /^(Array|Map)<(.*)>$/s.exec(rest);
    if (layer === null) break;
    layers.push(layer[1] ?? '');
    rest = layer[2] ?? '';
  }
  const primitive = PRIMITIVES.get(rest);
  if (primitive === undefined || layers.length > MOST_LAYERS) return undefined;
  return layers.reduceRight((of, layer) => (layer === 'Array' ? arrayOf(of) : mapOf(of)), primitive);
}
