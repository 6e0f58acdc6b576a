// Asks an agent over its unix socket. What it refuses is thrown as it reported it.

import { type IncomingMessage, request } from 'node:http';
import { parse } from 'lossless-json';
import { BASE_PATH } from '../api/base-path';
import { type ErrorReport, ReportedError } from '../report/error-report';
import { takeOverSignal } from './exit-on-signal';

export interface AgentRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the base path; encoded. */
  readonly path: string;
  readonly body?: string;
}

export interface AgentAnswer {
  readonly status: number;
  /** As it came; one line where it is JSON. */
  readonly text: string;
}

export class NoAgentError extends Error {
  override readonly name = 'NoAgentError';
  readonly code = 'agent.unreachable';
  readonly cure: string;

  constructor(socket: string, cause: Error & { readonly code?: unknown }) {
    const cures: Readonly<Record<string, string>> = {
      ENOENT: 'start one with `rampart agent`, or name its socket',
      ECONNREFUSED: 'start one with `rampart agent`, or name its socket',
      EACCES: 'only root may ask it',
    };
    super(`no agent answers on ${socket}: ${cause.message}`, { cause });
    this.cure =
      cures[String(cause.code)] ?? 'its log says why; what was asked may have been done: see `rampart status`';
  }
}

/** Rejects with ReportedError or NoAgentError. */
export async function askAgent(socket: string, asked: AgentRequest): Promise<AgentAnswer> {
  const answer = await send(socket, asked).catch((error: Error) => {
    throw new NoAgentError(socket, error);
  });
  if (answer.status < 400) return answer;
  const { errors } = parse(answer.text) as { readonly errors: readonly ErrorReport[] };
  throw new ReportedError(errors);
}

/** As askAgent(), of a change: who is interrupted while waiting for the answer is told that the agent is not. */
export async function askAgentToChange(socket: string, asked: AgentRequest): Promise<AgentAnswer> {
  takeOverSignal('SIGINT', () => {
    process.stderr.write(
      'rampart: the agent has the change and goes on with it; `rampart status` shows how it stands\n',
    );
    process.exit(130);
  });
  return askAgent(socket, asked);
}

/** The JSON of an answer; counts beyond 2^53 are bigints. */
export function answerValue<T>({ text }: AgentAnswer): T {
  return parse(text, undefined, number => {
    const value = Number(number);
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(number) : value;
  }) as T;
}

/** `query` without those that are undefined. */
export function pathOf(
  parts: readonly (string | number)[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const path = parts.map(part => `/${encodeURIComponent(part)}`).join('');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

async function send(socketPath: string, { method, path, body }: AgentRequest): Promise<AgentAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const asking = request({ socketPath, method, path: BASE_PATH + path, headers }, resolve);
    asking.once('error', reject);
    asking.end(body);
  });
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return { status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() };
}
