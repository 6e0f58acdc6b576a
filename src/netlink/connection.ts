// A netlink socket in a network namespace: numbers what is sent and matches it with what comes back. One exchange runs
// at a time, later ones wait their turn. Keep it open for as long as the namespace is managed: closing it just after a
// commit that deletes something waits for the kernel's destroy worker (12 ms).

import { constants } from 'node:os';
import { openSocket, type Socket } from '../native';
import { type Acknowledgement, decodeAcknowledgement } from './extack';
import {
  askForAcknowledgement,
  type Message,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
  type Request,
  setSequence,
  splitMessages,
} from './message';
import { isLost, kernelError, NetlinkError } from './netlink-error';
import type { Batch } from './nftables/batch';
import { type BatchAnswers, refusal } from './nftables/batch-error';
import { dumpTables } from './nftables/table';
import { reserveReceiveBuffer, reserveSendBuffer } from './socket-buffer';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;
const PROTOCOLS = { route: 0, netfilter: 12 } as const;

/** A dump that keeps being interrupted by changes is given up after so many times. */
const DUMP_ATTEMPTS = 10;

/** As many datagrams are taken without a turn of the event loop, so that exchanges in a row leave it some. */
const DATAGRAMS_A_TURN = 64;

const ENOBUFS = constants.errno.ENOBUFS;

/** Its answer is short, and the kernel never drops the end of a dump, however full the receive buffer is. */
const FENCE = dumpTables('arp');

export interface ConnectionOptions {
  readonly protocol: keyof typeof PROTOCOLS;
  /** Path or descriptor of the namespace; the process's own when absent. */
  readonly netns?: string | number;
}

/** Throws a NativeError when the namespace or the socket cannot be opened. The caller closes the connection. */
export function openConnection({ protocol, netns }: ConnectionOptions): Connection {
  const place = netns === undefined ? {} : { netns };
  const socket = openSocket({ ...place, domain: AF_NETLINK, type: SOCK_RAW, protocol: PROTOCOLS[protocol] });
  try {
    socket.setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
    socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
    if (protocol === 'route') socket.setOption(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    socket.bindNetlink(0, 0);
  } catch (error) {
    socket.close();
    throw error;
  }
  return new Connection(socket, protocol);
}

/** Its calls reject with a NetlinkError when the kernel says no, with a NativeError when the socket itself fails. */
export class Connection {
  readonly #socket: Socket;
  #sequence = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** Datagrams taken since the event loop had its last turn. */
  #taken = 0;

  constructor(
    socket: Socket,
    readonly protocol: keyof typeof PROTOCOLS = 'netfilter',
  ) {
    this.#socket = socket;
  }

  /** What the kernel knows the socket by: the owner of tables made with the flag `owner`. */
  get portId(): number {
    return this.#socket.portId;
  }

  /** Sends a message that asks for an acknowledgement; resolves to the answers before it. */
  request(request: Request): Promise<readonly Message[]> {
    return this.#inTurn(() => this.#request(request));
  }

  /**
   * All objects of a kind. The kernel does not hold the ruleset still while it is read; a dump that a change interrupted
   * is read again. Rejects (EINTR, ENOBUFS, the kernel's error) rather than resolve to a part.
   */
  dump(request: Request, attempts = DUMP_ATTEMPTS): Promise<readonly Message[]> {
    return this.#inTurn(() => this.#dump(request, attempts));
  }

  /**
   * Applies a batch, all or nothing. Rejects with a BatchError that names every bad operation, or with a NetlinkError about
   * the whole: ERESTART when its generation is not the current one; ENOBUFS when the answer was lost, and only then may it
   * have been applied.
   */
  async commit(batch: Batch): Promise<void> {
    await this.commitWithEcho(batch);
  }

  /** As commit; resolves to what the kernel tells of the operations that ask for an echo. */
  commitWithEcho(batch: Batch): Promise<readonly Message[]> {
    return this.#inTurn(() => this.#transact(batch, batch.bytes));
  }

  /** `nft --check`: as commit, but nothing is applied. Costs an abort in the kernel, 16 ms. */
  async validate(batch: Batch): Promise<void> {
    await this.#inTurn(() => this.#transact(batch, batch.bytes.subarray(0, batch.end)));
  }

  /** Exchanges under way reject with ECANCELED, later ones with EBADF. */
  close(): void {
    this.#socket.close();
  }

  #inTurn<T>(exchange: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(exchange);
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async #request(request: Request): Promise<readonly Message[]> {
    const sequence = await this.#send(request);
    const answers: Message[] = [];
    for (;;) {
      const received = await this.#receiveOrLose();
      if (received === LOST) {
        if (this.protocol === 'netfilter') await this.#empty();
        throw lostAnswer(request);
      }
      for (const message of received) {
        if (message.sequence !== sequence) continue;
        if (message.type === NLMSG_ERROR) {
          throwIfRefused(request, message);
          return answers;
        }
        answers.push(message);
      }
    }
  }

  async #dump(request: Request, attempts: number): Promise<readonly Message[]> {
    for (let attempt = 1; ; attempt++) {
      const { messages, spoiled } = await this.#dumpOnce(request);
      if (spoiled === undefined) return messages;
      if (attempt === attempts) throw spoiledDump(request, spoiled, attempts);
    }
  }

  /** Reads to the end in any case: before it the kernel refuses another dump (EBUSY). */
  async #dumpOnce(request: Request): Promise<Dump> {
    const sequence = await this.#send(request);
    const messages: Message[] = [];
    let spoiled: Dump['spoiled'];
    for (;;) {
      const received = await this.#receiveOrLose();
      if (received === LOST) spoiled = 'ENOBUFS';
      for (const message of received) {
        if (message.sequence !== sequence) continue;
        if ((message.flags & NLM_F_DUMP_INTR) !== 0) spoiled ??= 'EINTR';
        if (message.type === NLMSG_DONE || message.type === NLMSG_ERROR) {
          throwIfRefused(request, message);
          return { messages, spoiled };
        }
        messages.push(message);
      }
    }
  }

  async #transact(batch: Batch, bytes: Uint8Array): Promise<readonly Message[]> {
    const begin = this.#sequence + 1;
    this.#sequence += batch.messages.length + 2;
    numberBatch(batch, begin);
    if (batch.echoes > 0) reserveReceiveBuffer(this.#socket, batch.messages.length + batch.echoes);
    if (!(batch.short && this.#socket.sendNow(bytes))) {
      reserveSendBuffer(this.#socket, bytes.length);
      reserveReceiveBuffer(this.#socket, batch.messages.length);
      await this.#socket.send(bytes);
    }
    const unanswered = bytes.length < batch.bytes.length || batch.messages.length === 0;
    const answers = await this.#answersToBatch(begin, this.#sequence, unanswered);
    if (answers.errors.size > 0) throw refusal(batch, begin, answers);
    if (answers.lost) throw lostAnswer({ operation: 'commit' });
    return answers.echoes;
  }

  /**
   * Every error is in the socket's queue when send returns, in the order of the messages; the last one is acknowledged
   * behind them, after the commit, unless it is refused itself. So the first error, or a loss, makes us send a fence: what
   * comes before its answer is all there is.
   */
  async #answersToBatch(begin: number, end: number, unanswered: boolean): Promise<BatchAnswers> {
    const errors = new Map<number, Acknowledgement>();
    const echoes: Message[] = [];
    let lost = false;
    let fence = unanswered ? await this.#send(FENCE) : undefined;
    for (;;) {
      const received = await this.#receiveOrLose();
      if (received === LOST) lost = true;
      for (const message of received) {
        if (message.sequence === fence && endsFence(message)) return { errors, echoes, lost };
        // Of elements the kernel tells under the number 0 (nf_tables_setelem_notify).
        const isEcho = message.type !== NLMSG_ERROR && message.sequence === 0;
        if (!isEcho && (message.sequence < begin || message.sequence > end)) continue;
        if (message.type !== NLMSG_ERROR) {
          echoes.push(message);
          continue;
        }
        const acknowledgement = decodeAcknowledgement(message);
        if (acknowledgement.errno === 0) return { errors, echoes, lost };
        errors.set(message.sequence, acknowledgement);
      }
      if (errors.size > 0 || lost) fence ??= await this.#send(FENCE);
    }
  }

  /** What is left in a full buffer would take the room of the next answer, and the kernel does not tell of that once more. */
  async #empty(): Promise<void> {
    const fence = await this.#send(FENCE);
    for (;;) {
      const received = await this.#receiveOrLose();
      if (received.some(message => message.sequence === fence && endsFence(message))) return;
    }
  }

  async #send({ bytes }: Request): Promise<number> {
    const sequence = ++this.#sequence;
    setSequence(bytes, 0, sequence);
    // What is asked of nf_tables waits for nobody; rtnetlink has one lock for all namespaces.
    if (!(this.protocol === 'netfilter' && this.#socket.sendNow(bytes))) await this.#socket.send(bytes);
    return sequence;
  }

  /** LOST when the kernel dropped messages because the receive buffer was full; those in it can still be read. */
  async #receiveOrLose(): Promise<readonly Message[]> {
    try {
      const datagrams = this.#arrived() ?? (await this.#wait());
      return datagrams.flatMap(splitMessages);
    } catch (error) {
      if (isLost(error)) return LOST;
      throw error;
    }
  }

  /** An answer is there as soon as its request is sent, so most need no wait. */
  #arrived(): readonly Uint8Array[] | undefined {
    if (this.#taken >= DATAGRAMS_A_TURN) return undefined;
    const datagrams = this.#socket.receiveNow();
    this.#taken += datagrams.length;
    return datagrams.length === 0 ? undefined : datagrams;
  }

  #wait(): Promise<readonly Uint8Array[]> {
    this.#taken = 0;
    return this.#socket.receive();
  }
}

const LOST: readonly Message[] = [];

interface Dump {
  readonly messages: readonly Message[];
  readonly spoiled: 'EINTR' | 'ENOBUFS' | undefined;
}

/**
 * BATCH_BEGIN has the first number, BATCH_END the last. The last message between them alone asks for an acknowledgement: one
 * per message would overflow the socket's receive buffer after 256 of them, and BATCH_END's is given by Linux 6.10 and later
 * only.
 */
function numberBatch({ bytes, messages, end }: Batch, begin: number): void {
  let sequence = begin;
  setSequence(bytes, 0, sequence++);
  for (const { offset } of messages) setSequence(bytes, offset, sequence++);
  setSequence(bytes, end, sequence);
  const last = messages.at(-1);
  if (last !== undefined) askForAcknowledgement(bytes, last.offset);
}

/** A dump that starts on a full buffer first reports ENOBUFS, and goes on as soon as we have read. */
function endsFence(message: Message): boolean {
  return (
    message.type === NLMSG_DONE || (message.type === NLMSG_ERROR && decodeAcknowledgement(message).errno !== ENOBUFS)
  );
}

function throwIfRefused({ operation, subject }: Request, message: Message): void {
  const { errno, text, offset } = decodeAcknowledgement(message);
  if (errno !== 0) throw kernelError(errno, { operation, subject, text, offset, sequence: message.sequence });
}

function spoiledDump({ operation, subject }: Request, code: 'EINTR' | 'ENOBUFS', attempts: number): NetlinkError {
  const why = code === 'EINTR' ? 'other changes went on while it was read' : 'the receive buffer overflowed';
  return new NetlinkError({ code, operation, subject, text: `${why}, ${attempts} times`, cure: 'read it again later' });
}

function lostAnswer({ operation, subject }: Pick<Request, 'operation' | 'subject'>): NetlinkError {
  return new NetlinkError({
    code: 'ENOBUFS',
    operation,
    subject,
    text: 'the receive buffer overflowed and the answer was lost: what was asked for may have been done or not',
    cure: 'read what is there and compare',
  });
}
