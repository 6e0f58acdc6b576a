// Mounting the BPF file system and pinning in it. Each test has a mount point of its own; bpftool is the other reader.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BpfError } from '../../src/ebpf/bpf-error';
import { ensureBpffs, isOnBpffs, listPins, pin, unpin } from '../../src/ebpf/bpffs';
import { createMap, MAP_TYPE, openPinnedMap } from '../../src/ebpf/map';
import { loadSocketFilter, openPinnedProgram } from '../../src/ebpf/program';
import { native } from '../../src/native';

// r0 = 0; exit
const zero = () => loadSocketFilter('zero', Buffer.from('b700000000000000' + '9500000000000000', 'hex'));
const numbers = () =>
  createMap({ name: 'numbers', type: MAP_TYPE.hash, keySize: 4, valueSize: 4, maxEntries: 4, flags: 0 });

let directory: string;
let mountPoint: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rampart-test-'));
  mountPoint = join(directory, 'bpf');
});
afterEach(() => {
  if (existsSync(mountPoint) && isOnBpffs(mountPoint)) native.unmountFilesystem(mountPoint);
  rmSync(directory, { recursive: true });
});

const mountsAt = (path: string) =>
  execFileSync('findmnt', ['-rno', 'FSTYPE,OPTIONS', '--mountpoint', path], { encoding: 'utf8' });

function failure(call: () => unknown): BpfError {
  try {
    call();
  } catch (error) {
    if (error instanceof BpfError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

describe('ensureBpffs', () => {
  it('makes the directory and mounts a BPF file system on it that only root may enter', () => {
    ensureBpffs(mountPoint);
    expect(isOnBpffs(mountPoint)).toBe(true);
    expect(mountsAt(mountPoint)).toMatch(/^bpf rw,nosuid,nodev,noexec,relatime,mode=700\n$/);
  });

  it('leaves one that is there, with its pins', () => {
    ensureBpffs(mountPoint);
    pin(zero(), join(mountPoint, 'kept'));
    ensureBpffs(mountPoint);
    expect(mountsAt(mountPoint).split('\n').length - 1).toBe(1);
    expect(existsSync(join(mountPoint, 'kept'))).toBe(true);
  });
});

describe('a pin', () => {
  beforeEach(() => ensureBpffs(mountPoint));

  it('holds a program that nothing else holds, until it is removed', () => {
    const path = join(mountPoint, 'program', 'zero');
    const program = zero();
    const { id } = program.info();
    pin(program, path);
    program.close();
    const again = openPinnedProgram(path);
    expect(again.info()).toMatchObject({ id, name: 'zero', type: 1 });
    again.close();
    expect(
      JSON.parse(execFileSync('bpftool', ['-j', 'prog', 'show', 'pinned', path], { encoding: 'utf8' })),
    ).toMatchObject({
      id,
      type: 'socket_filter',
      name: 'zero',
    });
    expect(listPins(join(mountPoint, 'program'))).toEqual(['zero']);
    expect(unpin(path)).toBe(true);
    expect(unpin(path)).toBe(false);
    expect(listPins(join(mountPoint, 'program'))).toEqual([]);
  });

  it('holds a map with its elements', () => {
    const path = join(mountPoint, 'list');
    const map = numbers();
    map.update(Buffer.from([1, 2, 3, 4]), Buffer.from([5, 6, 7, 8]), 0);
    pin(map, path);
    map.close();
    expect(openPinnedMap(path).lookup(Buffer.from([1, 2, 3, 4]))).toEqual(Uint8Array.of(5, 6, 7, 8));
  });

  it.each<[string, () => unknown, string, string]>([
    [
      'where one is',
      () => {
        pin(zero(), join(mountPoint, 'taken'));
        pin(zero(), join(mountPoint, 'taken'));
      },
      'EEXIST',
      'something is pinned there already; unpin it first or take another name',
    ],
    [
      'outside a BPF file system',
      () => pin(zero(), join(directory, 'zero')),
      'EPERM',
      'no BPF file system is mounted there (mount -t bpf)',
    ],
    ['with a dot', () => pin(zero(), join(mountPoint, 'a.b')), 'EPERM', 'names on a BPF file system have no dots'],
    [
      'of a program opened as a map',
      () => {
        pin(zero(), join(mountPoint, 'zero'));
        openPinnedMap(join(mountPoint, 'zero'));
      },
      'EINVAL',
      'what is pinned there is no map',
    ],
    [
      'of a map opened as a program',
      () => {
        pin(numbers(), join(mountPoint, 'numbers'));
        openPinnedProgram(join(mountPoint, 'numbers'));
      },
      'EINVAL',
      'what is pinned there is no program',
    ],
    [
      'that does not exist, opened',
      () => openPinnedProgram(join(mountPoint, 'none')),
      'ENOENT',
      'nothing is pinned there; load the program again',
    ],
  ])('%s is refused with a cure', (_, call, code, cure) => {
    expect(failure(call)).toMatchObject({ code, cure });
  });
});

it('listPins gives nothing for a directory that does not exist', () => {
  expect(listPins(join(directory, 'none'))).toEqual([]);
});
