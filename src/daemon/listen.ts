// The API on a unix socket that only the owner may open: who can, may do all, and needs no token.

import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';

export class SocketInUseError extends Error {
  override readonly name = 'SocketInUseError';
  readonly code = 'daemon.socket-in-use';
  readonly cure = 'stop that process, or name another path with --socket';

  constructor(path: string) {
    super(`another process listens on ${path}`);
  }
}

/** Takes the place of a socket that a killed process left. Rejects with SocketInUseError. */
export async function listenOnSocket(path: string, listener: RequestListener): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  if (await isListening(path)) throw new SocketInUseError(path);
  rmSync(path, { force: true });
  const server = createServer(listener);
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // bind(2) is called here, so that the socket never has another mode.
      server.listen(path, resolve);
      process.umask(before);
    });
  } finally {
    process.umask(before);
  }
  return server;
}

/** What is left of requests under way then is cut off. */
const PATIENCE_MS = 10_000;

/** Requests under way are answered; connections without one are closed. */
export async function stopListening(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}

async function isListening(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', error => {
      const code = 'code' in error ? error.code : undefined;
      if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ENOTSOCK') resolve(false);
      else reject(error);
    });
  });
}
