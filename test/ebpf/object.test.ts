// BPF objects compiled by clang as the tests run: what they hold, their constants, their maps, and what the verifier
// says of a bad one.

import { spawnSync } from 'node:child_process';

import { BpfError } from '../../src/ebpf/bpf-error';
import { createMap, MAP_TYPE } from '../../src/ebpf/map';
import { loadBpfObject, openBpfObject, setConstant } from '../../src/ebpf/object';
import { testRunOnPacket } from '../../src/ebpf/program';
import { compileC, describeWithClang } from './compile-c';

const little = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const packet = (length: number) => Buffer.alloc(length, 0x45);

const SETTINGS = `
const volatile __u32 first = 7;
const volatile __u64 wide = 1;
const volatile __u16 narrow[3] = { 1, 2, 3 };
__u32 counter;
SEC("socket") int give(struct __sk_buff *skb) { counter++; return first + wide + narrow[2]; }
`;

const TABLE = `
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u32); } table SEC(".maps");
SEC("socket") int by_length(struct __sk_buff *skb) {
  __u32 length = skb->len;
  __u32 *value = bpf_map_lookup_elem(&table, &length);
  return value ? *value : 0;
}
SEC("socket") int none(struct __sk_buff *skb) { return 0; }
`;

const REFUSED = `
SEC("socket") int fine(struct __sk_buff *skb) { return 1; }
SEC("socket") int wild(struct __sk_buff *skb) { return *(volatile int *)(long)skb->len; }
`;

/** Thousands of forward branches whose log at level 1 is far longer than the first buffer that libbpf tries. */
const TALKATIVE = `
SEC("socket") int talkative(struct __sk_buff *skb) {
  volatile __u32 sum = 0;
  ${'sum += skb->mark;\n'.repeat(5000)}
  return *(volatile int *)(long)sum;
}
`;

async function failure(call: () => Promise<unknown>): Promise<BpfError> {
  try {
    await call();
  } catch (error) {
    if (error instanceof BpfError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

describeWithClang('a BPF object', () => {
  it('tells its programs, maps and variables', () => {
    const settings = openBpfObject(compileC(SETTINGS), 'settings');
    expect(settings.programs()).toEqual([{ name: 'give', section: 'socket', type: 1 }]);
    expect(settings.variables()).toEqual([
      { name: 'counter', section: '.bss', offset: 0, size: 4 },
      { name: 'first', section: '.rodata', offset: 0, size: 4 },
      { name: 'wide', section: '.rodata', offset: 8, size: 8 },
      { name: 'narrow', section: '.rodata', offset: 16, size: 6 },
    ]);
    expect(settings.initialValue('.rodata')).toEqual(
      Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0),
    );
    const table = openBpfObject(compileC(TABLE), 'table');
    expect(table.programs().map(program => program.name)).toEqual(['by_length', 'none']);
    expect(table.maps()).toEqual([{ name: 'table', type: 1, keySize: 4, valueSize: 4, maxEntries: 8, flags: 0 }]);
  });

  it('without debug information has constants by offset only', async () => {
    const object = openBpfObject(
      compileC('const volatile __u32 number = 3; SEC("socket") int give(void *skb) { return number; }', '-g0'),
      'bare',
    );
    expect(object.variables()).toEqual([]);
    expect(() => setConstant(object, 'number', little(5))).toThrow(
      'the BPF object has no constant number; it has: none (was it compiled with -g?)',
    );
    object.setInitialValue('.rodata', 0, little(5));
    await loadBpfObject(object, 'bare');
    expect(testRunOnPacket(object.program('give'), packet(20)).retval).toBe(5);
  });

  it.each([
    ['as they were compiled', {}, 7 + 1 + 3],
    ['set before load', { first: [100, 0, 0, 0] }, 100 + 1 + 3],
    ['set to other sizes', { wide: [0, 1, 0, 0, 0, 0, 0, 0], narrow: [0, 0, 0, 0, 5, 0] }, 7 + 256 + 5],
  ])('returns what its constants say: %s', async (_, constants, retval) => {
    const object = openBpfObject(compileC(SETTINGS), 'settings');
    for (const [name, bytes] of Object.entries(constants)) setConstant(object, name, Uint8Array.from(bytes));
    await loadBpfObject(object, 'settings');
    expect(testRunOnPacket(object.program('give'), packet(20)).retval).toBe(retval);
  });

  it('keeps its variables in a map that can be read while it runs', async () => {
    const object = openBpfObject(compileC(SETTINGS), 'settings');
    await loadBpfObject(object, 'settings');
    testRunOnPacket(object.program('give'), packet(20), 5);
    expect(object.map('.bss').lookup(little(0))).toEqual(Uint8Array.of(5, 0, 0, 0));
  });

  it('sizes a map before load', async () => {
    const object = openBpfObject(compileC(TABLE), 'table');
    object.setMaxEntries('table', 1000);
    await loadBpfObject(object, 'table');
    expect(object.map('table').info()).toMatchObject({ name: 'table', type: 1, maxEntries: 1000 });
  });

  it('shares a map of another owner', async () => {
    const shared = createMap({
      name: 'shared',
      type: MAP_TYPE.hash,
      keySize: 4,
      valueSize: 4,
      maxEntries: 8,
      flags: 0,
    });
    shared.update(little(40), little(99), 0);
    const object = openBpfObject(compileC(TABLE), 'table');
    object.reuseMap('table', shared.fd);
    shared.close();
    await loadBpfObject(object, 'table');
    expect(testRunOnPacket(object.program('by_length'), packet(40)).retval).toBe(99);
    expect(object.map('table').info().name).toBe('shared');
  });

  it('leaves the programs and maps taken from it alive when it is closed', async () => {
    const object = openBpfObject(compileC(TABLE), 'table');
    await loadBpfObject(object, 'table');
    const program = object.program('by_length');
    const map = object.map('table');
    object.close();
    object.close();
    map.update(little(60), little(3), 0);
    expect(testRunOnPacket(program, packet(60)).retval).toBe(3);
  });

  it('gives the name of the program that is refused, and the reason', async () => {
    const object = openBpfObject(compileC(REFUSED), 'refused');
    const error = await failure(() => loadBpfObject(object, 'refused'));
    expect(error.code).toBe('EACCES');
    expect(error.object).toBe('refused wild');
    expect(error.message).toBe("cannot load the BPF object refused: the verifier says: R1 invalid mem access 'scalar'");
    expect(error.verifierLog).toContain('r0 = *(u32 *)(r1 +0)');
    expect(error.verifierLog).not.toContain('libbpf:');
  });

  it('gives a log that is longer than any first buffer whole', async () => {
    const error = await failure(() => loadBpfObject(openBpfObject(compileC(TALKATIVE), 'talkative'), 'talkative'));
    expect(error.code).toBe('EACCES');
    expect(error.verifierLog?.length).toBeGreaterThan(300_000);
    // 6.1 says more of the context: ctx(off=0,imm=0).
    expect(error.verifierLog).toMatch(/^0: R1=ctx\(.*\) R10=fp0\n/);
    expect(error.verifierLog).toMatch(/invalid mem access 'scalar'\nprocessed \d+ insns/);
  });

  it('is busy while it loads, on another thread', async () => {
    const object = openBpfObject(compileC(TALKATIVE), 'talkative');
    const loading = failure(() => loadBpfObject(object, 'talkative'));
    expect(() => object.maps()).toThrow('loading object talkative maps: Device or resource busy (EBUSY)');
    await loading;
    expect(object.maps()).toEqual([]);
  });

  it('says nothing on stderr, whatever fails', () => {
    const addon = require.resolve('../../build/Release/rampart_native.node');
    const script = `
      const { BpfObject } = require(process.argv[1]);
      const elf = require('node:fs').readFileSync(0);
      try { new BpfObject(elf.subarray(0, 100), 'cut'); } catch (error) { console.log(error.code); }
      new BpfObject(elf, 'refused').load().catch(error => console.log(error.code));`;
    const child = spawnSync(process.execPath, ['-e', script, addon], { input: compileC(REFUSED), encoding: 'utf8' });
    expect(child.stdout).toBe('LIBBPF_FORMAT\nEACCES\n');
    expect(child.stderr).toBe('');
  });

  it('cut short anywhere is an error and no crash', () => {
    const elf = compileC(TABLE);
    for (let length = 0; length < elf.length - 64 * 20; length += 61) {
      expect(() => openBpfObject(elf.subarray(0, length), 'cut')).toThrow(BpfError);
    }
  });
});

describeWithClang('a call out of turn', () => {
  const loaded = async () => {
    const object = openBpfObject(compileC(TABLE), 'table');
    await object.load();
    return object;
  };
  const fresh = () => Promise.resolve(openBpfObject(compileC(TABLE), 'table'));
  const closed = async () => {
    const object = await fresh();
    object.close();
    return object;
  };
  const refused = async () => {
    const object = openBpfObject(compileC(REFUSED), 'refused');
    await failure(() => loadBpfObject(object, 'refused'));
    return object;
  };

  it.each([
    ['program() before load', fresh, 'program', ['none'], 'object not loaded table program: Invalid argument (EINVAL)'],
    ['map() before load', fresh, 'map', ['table'], 'object not loaded table map: Invalid argument (EINVAL)'],
    ['load() again', loaded, 'load', [], 'loaded object table load: Invalid argument (EINVAL)'],
    ['load() after a refusal', refused, 'load', [], 'refused object refused load: Invalid argument (EINVAL)'],
    [
      'setInitialValue() after load',
      loaded,
      'setInitialValue',
      ['table', 0, new Uint8Array(4)],
      'loaded object table setInitialValue: Invalid argument (EINVAL)',
    ],
    ['maps() after close', closed, 'maps', [], 'closed object table maps: Bad file descriptor (EBADF)'],
    [
      'program() of a name that it has not',
      loaded,
      'program',
      ['other'],
      'bpf_object__find_program_by_name table other: No such file or directory (ENOENT)',
    ],
    [
      'map() of a name that it has not',
      loaded,
      'map',
      ['other'],
      'bpf_object__find_map_by_name table other: No such file or directory (ENOENT)',
    ],
    [
      'setMaxEntries() of a data section',
      () => Promise.resolve(openBpfObject(compileC(SETTINGS), 'settings')),
      'setMaxEntries',
      ['.rodata', 2],
      'bpf_map__set_max_entries .rodata: Invalid argument (EINVAL)',
    ],
    [
      'reuseMap() for a data section',
      () => Promise.resolve(openBpfObject(compileC(SETTINGS), 'settings')),
      'reuseMap',
      ['.rodata', 0],
      'bpf_map__reuse_fd .rodata: Invalid argument (EINVAL)',
    ],
    [
      'reuseMap() of a descriptor that is no map',
      fresh,
      'reuseMap',
      ['table', 0],
      'bpf(BPF_OBJ_GET_INFO_BY_FD) fd 0 as bpf-map: Invalid argument (EINVAL)',
    ],
    [
      'setInitialValue() of a map without one',
      fresh,
      'setInitialValue',
      ['table', 0, new Uint8Array(4)],
      'bpf_map__initial_value table: Invalid argument (EINVAL)',
    ],
  ])('%s is refused', async (_, make, method, given, message) => {
    const object = await make();
    expect(() => Reflect.apply(Reflect.get(object, method), object, given)).toThrow(message);
  });

  it('setInitialValue() past the end is refused', () => {
    const object = openBpfObject(compileC(SETTINGS), 'settings');
    expect(() => object.setInitialValue('.rodata', 20, new Uint8Array(4))).toThrow(
      'bpf_map__set_initial_value .rodata: Numerical result out of range (ERANGE)',
    );
  });

  it('setConstant() of another size is refused', () => {
    const object = openBpfObject(compileC(SETTINGS), 'settings');
    expect(() => setConstant(object, 'wide', new Uint8Array(4))).toThrow('constant wide has 8 bytes, not 4');
    expect(() => setConstant(object, 'other', new Uint8Array(4))).toThrow(
      'the BPF object has no constant other; it has: first, wide, narrow',
    );
  });
});
