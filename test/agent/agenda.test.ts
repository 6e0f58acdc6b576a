// What one account's keeper has to do, one step after the other.

import { Agenda, type Work } from '../../src/agent/agenda';
import { Turnstile } from '../../src/agent/turnstile';

test('a step that adds another one at once, and waits then, has ended before that one begins', async () => {
  const told: string[] = [];
  let end = (): void => undefined;
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  const agenda = new Agenda(
    new Turnstile(8),
    () => false,
    async what => {
      told.push(`${what} begins`);
      if (what === 'look') agenda.add('goal');
      await new Promise(setImmediate);
      told.push(`${what} ends`);
      if (what === 'goal') end();
    },
  );
  agenda.add('look');
  await ended;
  expect(told).toEqual(['look begins', 'look ends', 'goal begins', 'goal ends']);
});

const HOUR = 3_600_000;

test('a timer that runs comes sooner where it is set again so, and is not put off', async () => {
  let agenda: Agenda | undefined;
  const first = new Promise<Work>(resolve => {
    agenda = new Agenda(
      new Turnstile(1),
      () => false,
      async what => resolve(what),
    );
  });
  agenda?.setTimer('look', HOUR);
  agenda?.setTimer('look', 1);
  agenda?.setTimer('look', HOUR);
  expect(await first).toBe('look');
  agenda?.close();
});
