// GET /health: whether the agent answers, and how its accounts stand, in numbers.

import { type RequestHandler, Router } from 'express';
import { answer } from './json-answer';
import type { Services } from './services';

export function healthRoutes({ agent }: Services): Router {
  const health: RequestHandler = (_request, response) => {
    const accounts: Record<string, number> = {};
    for (const { state } of agent.statuses()) accounts[state] = (accounts[state] ?? 0) + 1;
    answer(response, 200, { process: process.pid, accounts });
  };
  return Router().get('/health', health);
}
