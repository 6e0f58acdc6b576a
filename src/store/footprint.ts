// What the kernel may have of an account: beside the record, in a file that nobody waits for the disk to have. It goes with
// the machine, and so do the objects that it tells of; while the machine runs, a process that is killed loses nothing of it.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AccountNamespace } from '../account/account';

export interface Footprint {
  /** The version that was the last to come into force. */
  readonly inForce?: number;
  /** Those in which there may be something; one of the account's own may be there always. */
  readonly namespaces: readonly AccountNamespace[];
}

const namespace = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('own') }),
  z.strictObject({ kind: z.literal('existing'), name: z.string().min(1) }),
  z.strictObject({ kind: z.literal('host') }),
]);
const schema = z.strictObject({ inForce: z.int().min(1).exactOptional(), namespaces: z.array(namespace) });

/** undefined where there is none that can be read: then it is not known. */
export async function readFootprint(folder: string): Promise<Footprint | undefined> {
  const text = await readFile(pathIn(folder), 'utf8').catch(() => '');
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A reader finds the old one or the new one. */
export async function writeFootprint(folder: string, footprint: Footprint): Promise<void> {
  const next = `${pathIn(folder)}.next`;
  await writeFile(next, JSON.stringify(footprint), { mode: 0o600 });
  await rename(next, pathIn(folder));
}

function pathIn(folder: string): string {
  return join(folder, 'footprint.json');
}
