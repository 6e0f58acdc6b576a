// What a kind of link has beyond the attributes that we know: nothing, as long as all of it is zero.

import type { Attributes } from '../../attribute';

/** A flag, which has no payload, is something. */
export function restIsZero(data: Attributes): boolean {
  return (data.rest() ?? []).every(({ payload }) => payload.length > 0 && payload.every(byte => byte === 0));
}
