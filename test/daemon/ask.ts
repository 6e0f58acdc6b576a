// A request to an agent's socket.

import { type IncomingMessage, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API says, which is what is tested
  readonly value: any;
}

/** `path` is below /rampart/v1. */
export async function ask(
  socketPath: string,
  method: string,
  path: string,
  body?: string | Uint8Array,
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // A connection each: one that the agent closes in between would be an error of this client.
    const asking = request({ socketPath, method, path: `/rampart/v1${path}`, agent: false }, resolve);
    asking.once('error', reject);
    asking.end(body);
  });
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  const isJson = response.headers['content-type']?.startsWith('application/json');
  return { status: response.statusCode ?? 0, text, value: isJson ? JSON.parse(text) : undefined };
}
