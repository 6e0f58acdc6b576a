// Values as JSON answers: dates as ISO 8601, counts beyond 2^53 as exact numbers, as the command line prints them.

import type { Response } from 'express';
import { jsonText } from '../report/json-text';

export function answer(response: Response, status: number, value: unknown): void {
  response
    .status(status)
    .type('json')
    .send(`${jsonText(value)}\n`);
}
