// Programs of bare instructions: what the kernel knows of them, what they return on packets, and how one is refused.
// Instructions are struct bpf_insn: opcode, registers (source in the high four bits), 16-bit offset, 32-bit immediate.

import { BpfError } from '../../src/ebpf/bpf-error';
import { loadSocketFilter, testRunOnPacket } from '../../src/ebpf/program';

const instructions = (...words: string[]) => Buffer.from(words.join('').replaceAll(' ', ''), 'hex');

const EXIT = '95 00 0000 00000000';
const RETURN_2 = instructions('b7 00 0000 02000000', EXIT);
/** r0 = the first byte from the network header on (BPF_LD | BPF_ABS | BPF_B wants the context in r6). */
const FIRST_BYTE = instructions('bf 16 0000 00000000', '30 00 0000 00000000', EXIT);
/** r0 = skb->protocol, at offset 16 of struct __sk_buff: the EtherType in network byte order. */
const PROTOCOL = instructions('61 10 1000 00000000', EXIT);

describe('a socket filter', () => {
  it('is known to the kernel by name, type and digest', () => {
    const { id, ...info } = loadSocketFilter('two', RETURN_2).info();
    expect(id).toBeGreaterThan(0);
    expect(info).toEqual({ name: 'two', type: 1, tag: expect.any(String), jitedLength: expect.any(Number) });
    // The first 8 bytes of SHA-1 of the instructions, of SHA-256 from Linux 6.18 on.
    expect(['3b185187f1855c4c', '614b434cd8324ecc']).toContain(info.tag);
    expect(loadSocketFilter('again', RETURN_2).info().tag).toBe(info.tag);
    expect(loadSocketFilter('other', FIRST_BYTE).info().tag).not.toBe(info.tag);
  });

  it.each<[string, Buffer, string, number]>([
    ['a constant', RETURN_2, '45000014', 2],
    ['the first byte of an IPv4 packet', FIRST_BYTE, '4f000014', 0x4f],
    ['the first byte of an IPv6 packet', FIRST_BYTE, '6abc0000', 0x6a],
    ['the EtherType of an IPv4 packet', PROTOCOL, '45000014', 0x0008],
    ['the EtherType of an IPv6 packet', PROTOCOL, '60000000', 0xdd86],
  ])('returns %s', (_, program, start, retval) => {
    const packet = Buffer.concat([Buffer.from(start, 'hex'), Buffer.alloc(36)]);
    expect(testRunOnPacket(loadSocketFilter('case', program), packet).retval).toBe(retval);
  });

  it.each([
    ['of IPv4, shorter than its header', 0x45, 19, 'EINVAL'],
    ['of IPv4, as long as its header', 0x45, 20, 'runs'],
    ['of IPv6, shorter than its header', 0x60, 39, 'EINVAL'],
    ['of IPv6, as long as its header', 0x60, 40, 'runs'],
    ['of 3,600 bytes', 0x45, 3600, 'runs'],
    ['of 4,096 bytes', 0x45, 4096, 'EINVAL'],
  ])('takes or refuses a packet %s', (_, firstByte, length, outcome) => {
    const packet = Buffer.alloc(length);
    packet[0] = firstByte;
    const program = loadSocketFilter('two', RETURN_2);
    if (outcome === 'runs') expect(testRunOnPacket(program, packet).retval).toBe(2);
    else expect(() => testRunOnPacket(program, packet)).toThrow(expect.objectContaining({ code: outcome }));
  });

  it('is timed over many runs', () => {
    const { duration, retval } = testRunOnPacket(loadSocketFilter('two', RETURN_2), Buffer.alloc(40, 0x45), 100_000);
    expect(retval).toBe(2);
    expect(duration).toBeGreaterThan(0);
    expect(duration).toBeLessThan(10_000);
  });

  it('gives the packet back behind an empty Ethernet header, cut to the room there is', () => {
    const frame = Buffer.alloc(60, 7);
    const program = loadSocketFilter('two', RETURN_2);
    expect(Buffer.from(program.testRun(frame, 1, 100).dataOut)).toEqual(
      Buffer.concat([Buffer.alloc(14), frame.subarray(14)]),
    );
    expect(program.testRun(frame, 1, 0).dataOut).toEqual(new Uint8Array());
  });

  it.each<[string, Buffer, string, string]>([
    ['that returns nothing', instructions(EXIT), 'EACCES', 'R0 !read_ok'],
    ['that never ends', instructions('05 00 ffff 00000000'), 'EINVAL', 'infinite loop detected at insn 0'],
    ['of one unknown instruction', instructions('ff 00 0000 00000000', EXIT), 'EINVAL', 'unknown opcode ff'],
    [
      'that reads far beyond the context',
      instructions('61 10 0010 00000000', EXIT),
      'EACCES',
      'invalid bpf_context access',
    ],
  ])('%s is refused with the reason', (_, program, code, reason) => {
    const load = () => loadSocketFilter('refused', program);
    expect(load).toThrow(BpfError);
    expect(load).toThrow(expect.objectContaining({ code, object: 'refused' }));
    expect(load).toThrow(expect.objectContaining({ verifierLog: expect.stringContaining(reason) }));
    expect(load).toThrow(`cannot load the socket filter refused: the verifier says: `);
    expect(load).toThrow(reason);
  });

  it('without instructions is refused by the kernel', () => {
    expect(() => loadSocketFilter('empty', new Uint8Array())).toThrow(expect.objectContaining({ code: 'E2BIG' }));
  });
});
