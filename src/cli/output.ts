// Where results go: text for people, or with --json one JSON value a line. A reader that leaves early (`| head`) is no
// error: the command goes on to its end, so that it can clean up, and says nothing more.

import { jsonText } from '../report/json-text';

export interface Sink {
  write(text: string): unknown;
}

export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

export interface Output {
  /** True with --json. */
  readonly json: boolean;
  /** `text` is asked only without --json; a line break is added. */
  print(value: unknown, text: () => string): void;
  /** For people, beside the result: to standard error, and not at all with --json, whose value has it. Lines end in \n. */
  note(text: string): void;
  /** A line that is JSON already, integers beyond 2^53 included. */
  printJsonLine(line: string): void;
}

export function outputTo({ stdout, stderr }: Streams, json: boolean): Output {
  return {
    json,
    print: (value, text) => {
      stdout.write(`${json ? jsonText(value) : text()}\n`);
    },
    note: text => {
      if (!json) stderr.write(text);
    },
    printJsonLine: line => {
      stdout.write(`${line}\n`);
    },
  };
}

/** Standard output or error as a sink that survives its reader. */
export function survivingSink(stream: NodeJS.WriteStream): Sink {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    open = false;
  });
  return { write: text => open && stream.write(text) };
}
