// A command that needs a BPF file system or the directory of named namespaces mounts it where it is missing, as `ip netns`
// does. Those mounts stay, for others may use them by then; so the command says that it made them.

import { readFileSync } from 'node:fs';
import type { Sink } from './output';

const MOUNT_POINTS: ReadonlySet<string> = new Set(['/run/netns', '/sys/fs/bpf']);

/** Those of the two that are mount points now: proc_pid_mountinfo(5), field 5, and 9 for the type. */
export function mountPoints(): ReadonlySet<string> {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const mounted = lines.map(line => {
    const [place = '', type = ''] = [line.split(' ')[4], line.split(' - ')[1]?.split(' ')[0]];
    return place === '/sys/fs/bpf' && type !== 'bpf' ? '' : place;
  });
  return new Set(mounted.filter(place => MOUNT_POINTS.has(place)));
}

export function printNewMounts(before: ReadonlySet<string>, stderr: Sink, json: boolean): void {
  const made = [...mountPoints()].filter(place => !before.has(place));
  if (made.length === 0) return;
  if (json) stderr.write(`${JSON.stringify({ mounted: made })}\n`);
  else
    for (const place of made) stderr.write(`rampart: mounted ${place}, which stays; \`umount ${place}\` undoes it\n`);
}
