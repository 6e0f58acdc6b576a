// The BPF file system, where programs and maps are pinned under path names, and the pins in it. Paths are resolved in
// the mount namespace of the process: `ip netns exec` hides a bpffs, Rampart never enters one.

import { existsSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';

import { native } from '../native';
import { withCure } from './bpf-error';

/** include/uapi/linux/magic.h */
const BPF_FS_MAGIC = 0xcafe4a11;

/** `mount -t bpf bpf MOUNTPOINT`, unless one is there. Safe to call from several processes at once. */
export function ensureBpffs(mountPoint: string): void {
  mkdirSync(mountPoint, { recursive: true });
  withCure(
    `mount a BPF file system on ${mountPoint}`,
    ({ code }) => (code === 'ENODEV' ? 'the kernel is built without CONFIG_BPF_SYSCALL' : undefined),
    () => native.mountFilesystem('bpf', mountPoint, 'mode=0700', BPF_FS_MAGIC),
  );
}

export function isOnBpffs(path: string): boolean {
  return native.filesystemMagic(path) === BPF_FS_MAGIC;
}

/** Pins a program or map and makes the directories on the way. The pin holds the object until unpin(). */
export function pin(object: { pin(path: string): void }, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  withCure(
    `pin at ${path}`,
    ({ code }) => {
      if (code === 'EEXIST') return 'something is pinned there already; unpin it first or take another name';
      if (code === 'EPERM' && !isOnBpffs(dirname(path))) return 'no BPF file system is mounted there (mount -t bpf)';
      // bpf_lookup of kernel/bpf/inode.c keeps them for extensions of its own.
      if (code === 'EPERM' && path.includes('.')) return 'names on a BPF file system have no dots';
      return undefined;
    },
    () => object.pin(path),
  );
}

/** Removes the name; rules and descriptors that use the object keep it. Whether it was there. */
export function unpin(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** The names pinned in a directory, sorted; none where the directory is absent. */
export function listPins(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}
