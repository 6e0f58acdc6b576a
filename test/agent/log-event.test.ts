// Events of the agent as lines of its log.

import { pino } from 'pino';
import type { AgentEvent } from '../../src/agent/agent-event';
import { logEvent } from '../../src/agent/log-event';

test.each<[event: AgentEvent, line: object]>([
  [
    {
      kind: 'repaired',
      account: 'acme',
      changes: ['rules removed: web'],
      by: [{ processId: 7, processName: 'nft' }],
      milliseconds: 31,
    },
    {
      level: 40,
      event: 'repaired',
      account: 'acme',
      changes: ['rules removed: web'],
      by: [{ processId: 7, processName: 'nft' }],
      milliseconds: 31,
      msg: 'others had changed the account; it is as desired again',
    },
  ],
  [
    { kind: 'in_force', account: 'acme', version: 3, changes: [], milliseconds: 2 },
    {
      level: 30,
      event: 'in_force',
      account: 'acme',
      version: 3,
      changes: [],
      milliseconds: 2,
      msg: 'the account is as desired',
    },
  ],
])('%j', (event, line) => {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: text => lines.push(text) });
  logEvent(log, event);
  expect(lines.map(text => JSON.parse(text))).toEqual([line]);
});
