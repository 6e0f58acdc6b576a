// Run by hostile-arguments.test.ts in a process of its own: calls every function and method of the addon with every
// combination of values that JavaScript can make, and counts what was thrown. Getting to the end is the point.

const native = require(process.argv[2]);
const elf = require('node:fs').readFileSync(0);

const detached = new Uint8Array(8);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new RangeError('a getter threw');
    },
  },
);

const numbers = [0, -1, 1.5, Number.NaN, 2 ** 31, 2 ** 32, 2 ** 53];
const objects = [undefined, null, true, 10n, Symbol('s'), {}, [], [new Uint8Array(2), 5], () => {}, throwing];
const bytes = [
  new Uint8Array(),
  new Uint8Array(4),
  new Uint8Array(12).fill(0xff),
  new Uint16Array(4),
  new DataView(new ArrayBuffer(4)),
  new Uint8Array(new SharedArrayBuffer(4)),
  detached,
];
const strings = ['', 'a\0b', '.rodata', 'x'.repeat(5000)];
const values = [...numbers, ...objects, ...bytes, ...strings];
// Where a string is a path or a name that the call would act on, it gets none.
const harmless = [...numbers, ...objects, ...bytes];

const array = { name: 'array', type: 2, keySize: 4, valueSize: 4, maxEntries: 4, flags: 1024 };
const zero = {
  type: 1,
  name: 'zero',
  license: 'GPL',
  instructions: Buffer.from('b7000000000000009500000000000000', 'hex'),
};

const makers = {
  socket: () => new native.Socket({ domain: 16, type: 3, protocol: 0 }),
  program: () => native.loadProgram(zero),
  map: () => native.createMap(array),
  object: () => new native.BpfObject(elf, 'object'),
};

// These do something expensive, or the same whatever comes second.
const TAKE_ONE = [
  'send',
  'sendNow',
  'sendTo',
  'sendMany',
  'receive',
  'receiveNow',
  'load',
  'mmap',
  'info',
  'maps',
  'programs',
  'variables',
  'initialValue',
];

let thrown = 0;
function attempt(call) {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(() => {});
    else result?.close?.();
  } catch {
    thrown++;
  }
}

function callAll(call, pool, arity) {
  const fill = given => {
    if (given.length === arity) attempt(() => call(...given));
    else for (const value of pool) fill([...given, value]);
  };
  fill([]);
}

for (const name of Object.keys(native)) {
  const target = native[name];
  if (/^[A-Z]/.test(name)) callAll((...given) => new target(...given), harmless, 2);
  else callAll(target, harmless, 3);
}

for (const make of Object.values(makers)) {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(make()));
  for (const name of methods.filter(method => !['constructor', 'close'].includes(method))) {
    const target = make();
    const arity = TAKE_ONE.includes(name) ? 1 : 3;
    const pool = name === 'pin' ? harmless : values;
    callAll((...given) => Reflect.get(target, name, target)?.apply?.(target, given), pool, arity);
    target.close();
    callAll((...given) => Reflect.get(target, name, target)?.apply?.(target, given), harmless, 1);
  }
}

for (const key of ['netns', 'domain', 'type', 'protocol']) {
  for (const value of values) attempt(() => new native.Socket({ domain: 16, type: 3, protocol: 0, [key]: value }));
}
for (const key of Object.keys(array)) {
  // A map of 2 ** 31 elements would take the machine's memory before it is refused.
  const smaller = values.filter(value => value !== 2 ** 31);
  for (const value of smaller) attempt(() => native.createMap({ ...array, [key]: value }).mmap());
}
for (const key of Object.keys(zero)) {
  for (const value of values)
    attempt(() => native.loadProgram({ ...zero, [key]: value }).testRun(new Uint8Array(20), 1, 2 ** 32 - 1));
}

console.log(thrown);
