// A worker thread of worker-threads.test.ts: uses every kind of object of the addon in a loop, leaves some of each open
// with work pending, and never ends by itself. Tells its parent after the first round. Plain JavaScript, because a
// worker is loaded without jest's transform.

const { parentPort, workerData, threadId } = require('node:worker_threads');

const native = require(workerData.addon);
const name = `${workerData.name}-${threadId}`;
const path = `/run/netns/${name}`;
const number = value => Buffer.from(Uint32Array.of(value).buffer);

// RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, sequence number 1.
const getLinks = Buffer.from('20000000120001030100000000000000'.padEnd(64, '0'), 'hex');

async function round() {
  native.createNamespace(name);
  const kept = [];
  try {
    const socket = new native.Socket({ netns: path, domain: 16, type: 3, protocol: 0 });
    const waiting = new native.Socket({ netns: path, domain: 16, type: 3, protocol: 0 });
    waiting.receive().catch(() => {});
    for (let sent = 0; sent < 50; sent++) socket.send(getLinks).catch(() => {});
    await socket.receive();
    kept.push(socket, waiting);
  } finally {
    native.deleteNamespace(name);
  }
  const object = new native.BpfObject(workerData.elf, 'every');
  object.setInitialValue('.rodata', 0, number(threadId));
  await object.load();
  const program = object.program('constant');
  const { retval } = program.testRun(Buffer.alloc(64), 10, 0);
  if (retval !== threadId) throw new Error(`program of thread ${threadId} gave ${retval}`);
  program.pin(`${workerData.pins}/${name}`);
  kept.push(object, program, native.openPinnedProgram(`${workerData.pins}/${name}`));
  require('node:fs').unlinkSync(`${workerData.pins}/${name}`);

  const refused = new native.BpfObject(workerData.refused, 'refused');
  const log = await refused.load().catch(error => error.verifierLog);
  if (!log.includes('invalid mem access')) throw new Error(`log of thread ${threadId}: ${log}`);
  refused.close();

  const map = native.createMap({ name: 'numbers', type: 2, keySize: 4, valueSize: 4, maxEntries: 1000, flags: 1024 });
  new Uint32Array(map.mmap())[2 * 7] = threadId;
  if (Buffer.compare(map.lookup(number(7)), number(threadId)) !== 0) throw new Error('a wrong number in the map');
  map.updateBatch(Buffer.from(Uint32Array.from({ length: 1000 }, (_, index) => index).buffer), Buffer.alloc(4000), 0);
  kept.push(map);
  return kept;
}

async function main() {
  let kept = await round();
  parentPort.postMessage('round');
  for (;;) {
    for (const object of kept) object.close();
    kept = await round();
  }
}

main();
