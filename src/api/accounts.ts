// GET /accounts, GET, PUT and DELETE /accounts/ID, GET /accounts/ID/counters: accounts as they stand, and as they are to be.

import { type RequestHandler, Router } from 'express';
import { unknownAccount } from '../desired/desired-error';
import { changeAnswer } from './change-answer';
import { answer } from './json-answer';
import { accountOf, documentBody, givenDocument, putOptions } from './request';
import type { Services } from './services';

export function accountRoutes(services: Services): Router {
  const { agent, desired, bodyLimit } = services;
  const list: RequestHandler = (_request, response) => answer(response, 200, { accounts: agent.statuses() });
  const one: RequestHandler = async (request, response) => {
    const account = accountOf(request);
    const { previous, versions } = await desired.record(account);
    answer(response, 200, { ...agent.status(account), previous, versions: versions.length });
  };
  const put: RequestHandler = async (request, response) => {
    const { confirmWithin, dryRun } = putOptions(request);
    const given = givenDocument(request);
    if (dryRun) answer(response, 200, await desired.dryRun(accountOf(request), given));
    else changeAnswer(response, await desired.put(accountOf(request), given, confirmWithin));
  };
  const remove: RequestHandler = async (request, response) => {
    const account = accountOf(request);
    const { kind, ...rest } = await desired.remove(account);
    answer(response, kind === 'removed' ? 200 : 202, { account, outcome: kind, ...rest });
  };
  const counters: RequestHandler = async (request, response) => {
    const account = accountOf(request);
    const counted = await agent.counters(account);
    if (counted === undefined) throw unknownAccount(account);
    answer(response, 200, { account, ...counted });
  };
  return Router()
    .get('/accounts', list)
    .get('/accounts/:account', one)
    .put('/accounts/:account', documentBody(bodyLimit), put)
    .delete('/accounts/:account', remove)
    .get('/accounts/:account/counters', counters);
}
