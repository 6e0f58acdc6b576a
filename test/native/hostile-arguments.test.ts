// No value that JavaScript can pass may end the process: see hostile-arguments.js.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { compileC, describeWithClang } from '../ebpf/compile-c';

describeWithClang('the addon', () => {
  it('survives every combination of arguments, and throws at most of them', () => {
    const elf = compileC('const volatile __u32 n = 1; SEC("socket") int give(struct __sk_buff *skb) { return n; }');
    const addon = require.resolve('../../build/Release/rampart_native.node');
    const child = spawnSync(process.execPath, [join(__dirname, 'hostile-arguments.js'), addon], {
      input: elf,
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect({ stderr: child.stderr, signal: child.signal, status: child.status }).toEqual({
      stderr: '',
      signal: null,
      status: 0,
    });
    expect(Number(child.stdout)).toBeGreaterThan(100_000);
  }, 130_000);
});
