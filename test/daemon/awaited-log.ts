// The log of an agent in this process, whose lines are waited for, never a time.

import { EventEmitter, once } from 'node:events';
import pino, { type Logger } from 'pino';

/** Longer than anything here takes on a busy machine; only a test that fails waits so long. */
const PATIENCE_MS = 30_000;

type Line = Readonly<Record<string, unknown>>;

export interface AwaitedLog {
  readonly logger: Logger;
  /** Those that were not waited for. */
  readonly lines: readonly Line[];
  /** The first line with these members that was not waited for before. */
  logged(wanted: Line): Promise<Line>;
}

export function awaitedLog(): AwaitedLog {
  const lines: Line[] = [];
  const written = new EventEmitter();
  const write = (line: string) => {
    lines.push(JSON.parse(line));
    written.emit('line');
  };
  return {
    logger: pino({ level: 'info' }, { write }),
    lines,
    async logged(wanted) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      for (;;) {
        const index = lines.findIndex(line => Object.entries(wanted).every(([key, value]) => line[key] === value));
        const [found] = index < 0 ? [] : lines.splice(index, 1);
        if (found !== undefined) return found;
        await once(written, 'line', { signal });
      }
    },
  };
}
