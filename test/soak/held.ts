// What the machine and the agent hold: counted before and after, it has to be the same.

import { readdirSync, readlinkSync } from 'node:fs';
import { RTPROT_RAMPART } from '../../src/network/names';
import type { Machine } from '../kernel/machine';

export interface Held {
  readonly namespaces: readonly string[];
  /** Of the host. */
  readonly links: number;
  /** Of ours. */
  readonly routes: number;
  /** Below /sys/fs/bpf: programs and maps. */
  readonly pins: number;
  readonly tables: number;
}

export function held(machine: Machine): Held {
  const lines = (script: string) =>
    machine
      .output('sh', '-c', script)
      .split('\n')
      .filter(line => line !== '');
  const namespaces = lines('ls /run/netns');
  return {
    namespaces,
    links: lines('ip -o link').length,
    routes: lines(`ip -o route show table all proto ${RTPROT_RAMPART}`).length,
    pins: lines('find /sys/fs/bpf -type f').length,
    tables: namespaces.flatMap(name => lines(`nsenter --net=/run/netns/${name} nft list tables`)).length,
  };
}

/** What the process has open, by sort: 'socket', 'anon_inode:bpf-map'. */
export function descriptors(processId: number): Readonly<Record<string, number>> {
  const folder = `/proc/${processId}/fd`;
  const found: Record<string, number> = {};
  for (const fd of readdirSync(folder)) {
    const sort = sortOf(`${folder}/${fd}`);
    if (sort !== undefined) found[sort] = (found[sort] ?? 0) + 1;
  }
  return found;
}

/** undefined where it has just been closed. */
function sortOf(link: string): string | undefined {
  try {
    return readlinkSync(link).replace(/:?\[?[0-9]+\]?$/, '');
  } catch {
    return undefined;
  }
}
