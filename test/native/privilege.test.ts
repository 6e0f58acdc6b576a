// Without the capability for it, every call is a clean error: the script runs with none of the capabilities of root.

import { spawnSync } from 'node:child_process';

const ZERO = 'b700000000000000' + '9500000000000000';

describe('a process without capabilities', () => {
  it.each([
    ["createNamespace('rampart-none')", 'mount(MS_SHARED) /run/netns: Operation not permitted (EPERM)'],
    [
      "new Socket({ netns: '/proc/self/ns/net', domain: 16, type: 3, protocol: 0 })",
      'setns /proc/self/ns/net: Operation not permitted (EPERM)',
    ],
    [
      'new Socket({ domain: 17, type: 3, protocol: 0 })',
      'socket domain 17 protocol 0: Operation not permitted (EPERM)',
    ],
    [
      `loadProgram({ type: 1, name: 'zero', license: 'GPL', instructions: Buffer.from('${ZERO}', 'hex') })`,
      'bpf(BPF_PROG_LOAD) zero: Operation not permitted (EPERM)',
    ],
    [
      "createMap({ name: 'numbers', type: 1, keySize: 4, valueSize: 4, maxEntries: 4, flags: 0 })",
      'bpf(BPF_MAP_CREATE) numbers: Operation not permitted (EPERM)',
    ],
    ["mountFilesystem('bpf', '/tmp', '', 1)", 'mount(bpf) /tmp: Operation not permitted (EPERM)'],
    ["unmountFilesystem('/proc')", 'umount2 /proc: Operation not permitted (EPERM)'],
  ])('%s is refused', (call, message) => {
    const addon = require.resolve('../../build/Release/rampart_native.node');
    const script = `
      const { ${call.replace(/^new /, '').replace(/\(.*/, '')} } = require(process.argv[1]);
      try { ${call}; console.log('done'); } catch (error) { console.log(error.message); }`;
    const node = [process.execPath, '-e', script, addon];
    const child = spawnSync('setpriv', ['--bounding-set', '-all', ...node], { encoding: 'utf8' });
    expect({ stdout: child.stdout, stderr: child.stderr }).toEqual({ stdout: `${message}\n`, stderr: '' });
  });
});
