// POST /accounts/ID/plan: what a document would change against the desired one, with a packet for every pair of rules whose
// verdict changes. Nothing is kept, nothing is sent to the kernel.

import { type RequestHandler, Router } from 'express';
import { answer } from './json-answer';
import { accountOf, documentBody, givenDocument, planOptions } from './request';
import type { Services } from './services';

export function planRoutes({ desired, bodyLimit }: Services): Router {
  const plan: RequestHandler = async (request, response) => {
    const { budget } = planOptions(request);
    answer(response, 200, await desired.plan(accountOf(request), givenDocument(request), budget));
  };
  return Router().post('/accounts/:account/plan', documentBody(bodyLimit), plan);
}
