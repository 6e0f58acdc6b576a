// A refused transaction. The kernel goes on after the first bad message and reports them all, and so do we; nothing of
// the batch was applied.

import { readU32 } from '../attribute';
import type { Acknowledgement } from '../extack';
import type { Message } from '../message';
import { kernelError, type NetlinkError } from '../netlink-error';
import { present } from '../present';
import type { Batch } from './batch';
import { type BatchMessage, type BatchOperation, subjectOf } from './batch-operation';
import { elementAt } from './element';
import { expressionAt } from './rule';

export interface BatchFailure {
  readonly operation: BatchOperation;
  /** Of the operation in the batch. */
  readonly index: number;
  /** errno, text and offset of the kernel; the subject is the operation's. */
  readonly error: NetlinkError;
  /** Rules: the expression that the kernel points at, from 0. */
  readonly expression?: number;
  /** Elements: the one that the kernel points at, from 0. */
  readonly element?: number;
}

export class BatchError extends Error {
  override readonly name = 'BatchError';
  /** That of the first failure. */
  readonly code: string;

  constructor(
    readonly failures: readonly [BatchFailure, ...BatchFailure[]],
    /** false when the receive buffer overflowed: there were more failures than these. */
    readonly complete: boolean,
  ) {
    const [{ error }, ...others] = failures;
    super(others.length === 0 ? error.message : `${error.message} (and ${others.length} more)`, { cause: error });
    this.code = error.code;
  }
}

export interface BatchAnswers {
  /** By sequence number. */
  readonly errors: ReadonlyMap<number, Acknowledgement>;
  /** Sent before the acknowledgement. */
  readonly echoes: readonly Message[];
  /** The kernel dropped some because the receive buffer was full. */
  readonly lost: boolean;
}

/** Of answers with at least one error; `begin` is the sequence number of BATCH_BEGIN. */
export function refusal(batch: Batch, begin: number, { errors, lost }: BatchAnswers): NetlinkError | BatchError {
  const failures: BatchFailure[] = [];
  for (const [sequence, { errno, text, offset }] of errors) {
    const message = batch.messages[sequence - begin - 1];
    const details = { operation: 'commit', text, offset, sequence };
    // BATCH_BEGIN (stale generation, no permission) or BATCH_END (the commit itself).
    if (message === undefined) return kernelError(errno, details);
    failures.push(failureOf(batch, message, { errno, ...details }));
  }
  const [first, ...others] = failures.sort((a, b) => a.index - b.index);
  if (first === undefined) throw new RangeError('a refusal without errors');
  return new BatchError([first, ...others], !lost);
}

interface Refused {
  readonly errno: number;
  readonly operation: string;
  readonly text: string | undefined;
  readonly offset: number | undefined;
  readonly sequence: number;
}

function failureOf(batch: Batch, message: BatchMessage, { errno, ...details }: Refused): BatchFailure {
  const operation = batch.operations[message.operation];
  if (operation === undefined) throw new RangeError(`the batch has no operation ${message.operation}`);
  const bytes = batch.bytes.subarray(message.offset, message.offset + readU32(batch.bytes, message.offset));
  const inMessage = details.offset === undefined ? undefined : elementAt(bytes, details.offset);
  const element =
    operation.object.kind === 'elements' && inMessage !== undefined ? message.firstElement + inMessage : undefined;
  return present({
    operation,
    index: message.operation,
    error: kernelError(errno, { ...details, subject: subjectOf(operation) + commentText(operation, element) }),
    expression:
      operation.object.kind === 'rule' && details.offset !== undefined
        ? expressionAt(bytes, details.offset)
        : undefined,
    element,
  });
}

/** Whose rule or element it is, in the words that a listing has. */
function commentText({ object }: BatchOperation, element: number | undefined): string {
  const refused = object.kind === 'elements' && element !== undefined ? object.elements[element] : object;
  return refused !== undefined && 'comment' in refused ? ` comment "${refused.comment}"` : '';
}
