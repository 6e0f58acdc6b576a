// GET /accounts/ID/versions and /accounts/ID/versions/N: the documents of an account, the one that is desired among them.

import { type RequestHandler, Router } from 'express';
import { answer } from './json-answer';
import { accountOf, versionOf } from './request';
import type { Services } from './services';

export function versionRoutes({ desired }: Services): Router {
  const list: RequestHandler = async (request, response) => {
    const { account, desired: version, previous, pending, versions } = await desired.record(accountOf(request));
    answer(response, 200, { account, desired: version, previous, confirmBy: pending?.deadline, versions });
  };
  const one: RequestHandler = async (request, response) => {
    const text = await desired.document(accountOf(request), versionOf(request.params.version));
    response.type('text/yaml; charset=utf-8').send(text);
  };
  return Router().get('/accounts/:account/versions', list).get('/accounts/:account/versions/:version', one);
}
