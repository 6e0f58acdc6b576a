// A line of the log for every request: which, how it was answered, how long that took.

import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

export function logRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    const { method, originalUrl: url } = request;
    // Also where the client has left before the answer.
    response.once('close', () => {
      const milliseconds = Math.round(performance.now() - began);
      const line = { method, url, status: response.statusCode, answered: response.writableFinished, milliseconds };
      if (method === 'GET') log.debug(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
}
