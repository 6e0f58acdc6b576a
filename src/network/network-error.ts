// Why an account's network cannot be as planned: what stands in the way, and the cure.

import { CodedError } from '../diagnostic/coded-error';

export type NetworkErrorCode =
  /** What has the name or the place of ours is not ours, and stays. */
  | 'network.foreign-namespace'
  | 'network.foreign-link'
  | 'network.foreign-route'
  | 'network.foreign-table'
  /** The host routes it to another account. */
  | 'network.prefix-taken'
  /** The kernel has no such kind of tunnel, or another device has the same ends. */
  | 'network.no-tunnel-kind'
  | 'network.tunnel-taken'
  /** Links would come into a namespace that has no rules. */
  | 'network.unprepared'
  /** However often it is put right, it is different again. */
  | 'network.unsettled';

export class NetworkError extends CodedError<NetworkErrorCode> {
  override readonly name = 'NetworkError';
}
