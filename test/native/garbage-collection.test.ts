// What JavaScript forgets to close: each script runs in a process of its own, where the collector can be called and
// nobody else opens or maps anything.

import { spawnSync } from 'node:child_process';

import { compileC, describeWithClang } from '../ebpf/compile-c';

/** Prints what `count` gives at most while `make` runs a hundred times, and again once all is collected. */
function collected(count: string, make: string, input: Uint8Array): { readonly peak: number; readonly left: number } {
  const script = `
    const native = require(process.argv[1]);
    const { readdirSync, readFileSync } = require('node:fs');
    const elf = readFileSync(0);
    const array = { name: 'array', type: 2, keySize: 4, valueSize: 4, maxEntries: 100, flags: 1024 };
    const map = native.createMap(array);
    const count = () => ${count};
    const before = count();
    (async () => {
      for (let round = 0; round < 100; round++) { ${make}; }
      const peak = count() - before;
      for (let turn = 0; turn < 100 && count() > before; turn++) {
        gc();
        await new Promise(setImmediate);
      }
      console.log(JSON.stringify({ peak, left: count() - before }));
    })();`;
  const addon = require.resolve('../../build/Release/rampart_native.node');
  const child = spawnSync(process.execPath, ['--expose-gc', '-e', script, addon], { input, encoding: 'utf8' });
  expect(child.stderr).toBe('');
  return JSON.parse(child.stdout);
}

const DESCRIPTORS = `readdirSync('/proc/self/fd').length`;
const MAPPINGS = `readFileSync('/proc/self/maps', 'latin1').split('bpf-map').length`;
const NETLINK = '{ domain: 16, type: 3, protocol: 0 }';

describeWithClang('an object that nobody closed', () => {
  it.each([
    ['a socket', DESCRIPTORS, `new native.Socket(${NETLINK})`],
    ['a socket with sends under way', DESCRIPTORS, `new native.Socket(${NETLINK}).send(new Uint8Array(16))`],
    ['a map', DESCRIPTORS, 'native.createMap(array)'],
    ['the memory of a map', MAPPINGS, 'new Uint32Array(map.mmap())[0] = 1'],
    ['a loaded BPF object', DESCRIPTORS, `await new native.BpfObject(elf, 'object').load()`],
    [
      'a program taken from an object',
      DESCRIPTORS,
      `const object = new native.BpfObject(elf, 'object'); await object.load(); object.program('zero'); object.close()`,
    ],
  ])('is gone when it is collected: %s', (_, count, make) => {
    const elf = compileC('SEC("socket") int zero(struct __sk_buff *skb) { return 0; }');
    const { peak, left } = collected(count, make, elf);
    expect(peak).toBeGreaterThan(0);
    expect(left).toBe(0);
  });
});
