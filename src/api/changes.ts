// POST /accounts/ID/confirm and /accounts/ID/rollback: what follows on a change.

import { type RequestHandler, Router } from 'express';
import { changeAnswer } from './change-answer';
import { accountOf, versionOf } from './request';
import type { Services } from './services';

export function changeRoutes({ desired }: Services): Router {
  const confirm: RequestHandler = async (request, response) =>
    changeAnswer(response, await desired.confirm(accountOf(request)));
  const rollback: RequestHandler = async (request, response) => {
    const { version } = request.query;
    const wanted = version === undefined ? undefined : versionOf(version);
    changeAnswer(response, await desired.rollback(accountOf(request), wanted));
  };
  return Router().post('/accounts/:account/confirm', confirm).post('/accounts/:account/rollback', rollback);
}
