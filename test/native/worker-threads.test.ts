// Several threads use every object of the addon at once and are terminated in the middle of it. Nothing may crash, and
// every descriptor must be gone with the thread that opened it.

import { once } from 'node:events';
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { ensureBpffs, listPins } from '../../src/ebpf/bpffs';
import { deleteNamespace, listNamespaces } from '../../src/netns/namespace';
import { compileC, describeWithClang } from '../ebpf/compile-c';

const THREADS = 8;
const pins = '/sys/fs/bpf';
const name = `rampart-test-thread-${process.pid}`;

const openDescriptors = () => readdirSync('/proc/self/fd').length;

describeWithClang('eight worker threads', () => {
  const workerData = {
    addon: join(__dirname, '../../build/Release/rampart_native.node'),
    name,
    pins,
    elf: compileC('const volatile __u32 number; SEC("socket") int constant(struct __sk_buff *skb) { return number; }'),
    refused: compileC('SEC("socket") int refused(struct __sk_buff *skb) { return *(volatile int *)(long)skb->len; }'),
  };

  beforeAll(() => ensureBpffs(pins));

  // A thread that was terminated between making and removing something leaves it.
  afterAll(() => {
    const ours = (left: string) => left.startsWith(`${name}-`);
    listNamespaces().filter(ours).forEach(deleteNamespace);
    for (const pin of listPins(pins).filter(ours)) unlinkSync(`${pins}/${pin}`);
  });

  async function runAndTerminate(milliseconds: number): Promise<void> {
    const workers = Array.from(
      { length: THREADS },
      () => new Worker(join(__dirname, 'every-object.js'), { workerData }),
    );
    await Promise.all(workers.map(worker => once(worker, 'message')));
    await sleep(milliseconds);
    await Promise.all(workers.map(worker => worker.terminate()));
  }

  it('use everything at once, and leave no descriptor behind when they are terminated midway', async () => {
    // The first run opens what Node keeps for its worker threads.
    await runAndTerminate(0);
    const before = openDescriptors();
    for (const milliseconds of [0, 10, 40, 90]) await runAndTerminate(milliseconds);
    expect(openDescriptors()).toBe(before);
  });
});
