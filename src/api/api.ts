// The agent's HTTP interface: below /rampart/v1 a resource a file, everything JSON but the documents themselves. Errors are
// {"errors": [{code, place, path, rule, message, cure, details}]}, whatever went wrong.

import express, { type Express } from 'express';
import { accountRoutes } from './accounts';
import { BASE_PATH } from './base-path';
import { changeRoutes } from './changes';
import { answerErrors, notFound } from './error-answer';
import { healthRoutes } from './health';
import { planRoutes } from './plan';
import { logRequests } from './request-log';
import type { Services } from './services';
import { versionRoutes } from './versions';

export function apiOf(services: Services): Express {
  const api = express();
  api.disable('x-powered-by');
  api.set('query parser', 'simple');
  api.use(logRequests(services.log));
  for (const routes of [healthRoutes, accountRoutes, changeRoutes, versionRoutes, planRoutes]) {
    api.use(BASE_PATH, routes(services));
  }
  api.use(notFound);
  api.use(answerErrors(services.log));
  return api;
}
