// What requests carry, checked: ids in paths, options in queries, documents in bodies.

import express, { type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { LONGEST_CONFIRMATION } from '../desired/confirmation-time';
import type { GivenDocument } from '../desired/read-document';
import { parseDuration } from './duration';
import { RequestError } from './error-answer';

const accountId = z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/);
const versionNumber = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/)
  .transform(Number);
const flag = z.enum(['true', 'false']).transform(text => text === 'true');

const putQuery = z.strictObject({
  confirm_within: z.string().exactOptional(),
  dry_run: flag.exactOptional(),
  source: z.string().max(4096).exactOptional(),
});

const planQuery = z.strictObject({
  source: putQuery.shape.source,
  budget: z
    .string()
    .regex(/^[1-9][0-9]{0,9}$/)
    .transform(Number)
    .exactOptional(),
});

export interface PutOptions {
  /** Milliseconds. */
  readonly confirmWithin?: number;
  readonly dryRun: boolean;
}

export function accountOf({ params }: Request): string {
  const id = accountId.safeParse(params.account);
  if (id.success) return id.data;
  throw invalid('the account', params.account, 'write 1 to 64 of letters, digits, _ . : and -');
}

export function versionOf(text: unknown): number {
  const version = versionNumber.safeParse(text);
  if (version.success) return version.data;
  throw invalid('the version', text, 'write its number, from 1');
}

export function putOptions({ query }: Request): PutOptions {
  const options = putQuery.safeParse(query);
  if (!options.success) throw invalidQuery(options.error, putQuery);
  const { confirm_within: within, dry_run: dryRun = false } = options.data;
  if (within === undefined) return { dryRun };
  const confirmWithin = parseDuration(within);
  if (confirmWithin !== undefined && confirmWithin >= 1000 && confirmWithin <= LONGEST_CONFIRMATION)
    return { dryRun, confirmWithin };
  throw invalid('confirm_within', within, 'write it like 60s, 5m or 1h: a second to a day');
}

/** Steps of proof in each family. */
export function planOptions({ query }: Request): { readonly budget?: number } {
  const options = planQuery.safeParse(query);
  if (!options.success) throw invalidQuery(options.error, planQuery);
  return options.data;
}

/** Reads all of the body, whatever type it says it has. */
export function documentBody(limit: number): RequestHandler {
  return express.raw({ type: () => true, limit, inflate: false });
}

/** After documentBody(). `source` is for places: a file's name, which only the client knows. */
export function givenDocument({ body, query }: Request): GivenDocument {
  const source = typeof query.source === 'string' ? query.source : 'document';
  if (!Buffer.isBuffer(body) || body.length === 0)
    throw new RequestError('request.malformed', 'there is no body', 'send the document');
  try {
    return { source, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    throw new RequestError('request.malformed', 'the body is not UTF-8 text', 'send it as UTF-8');
  }
}

function invalidQuery({ issues }: z.ZodError, { shape }: z.ZodObject): RequestError {
  const [known, name] = [Object.keys(shape).join(', '), issues[0]?.path.join('.')];
  return new RequestError(
    'request.value',
    `the query is not valid${name ? ` at ${name}` : ''}`,
    `it may have ${known}`,
  );
}

function invalid(what: string, value: unknown, cure: string): RequestError {
  return new RequestError('request.value', `${what} is not valid: ${JSON.stringify(value)}`, cure);
}
