// The general cures, and which line of the verifier's log is its reason.

import { BpfError, withCure, withCureAsync } from '../../src/ebpf/bpf-error';

interface Given {
  readonly code: string;
  readonly syscall: string;
  readonly verifierLog?: string;
}

const nativeError = (given: Given) =>
  Object.assign(new Error(`${given.syscall} blue: text (${given.code})`), { errno: 1, object: 'blue', ...given });

describe('a failure of BPF', () => {
  it.each<[string, Given, string]>([
    [
      'a program without the capability',
      { code: 'EPERM', syscall: 'bpf(BPF_PROG_LOAD)' },
      'bpf(BPF_PROG_LOAD) needs CAP_BPF',
    ],
    ['a mount without the capability', { code: 'EPERM', syscall: 'mount(bpf)' }, 'mount(bpf) needs CAP_SYS_ADMIN'],
    ['anything else', { code: 'EIO', syscall: 'bpf(BPF_OBJ_GET)' }, 'bpf(BPF_OBJ_GET) blue: text (EIO)'],
    [
      'a refused program',
      {
        code: 'EACCES',
        syscall: 'bpf(BPF_PROG_LOAD)',
        verifierLog:
          "0: (61) r1 = *(u32 *)(r1 +0)\nR1 invalid mem access 'scalar'\nprocessed 2 insns (limit 1000000)\n",
      },
      "the verifier says: R1 invalid mem access 'scalar'",
    ],
    [
      'an endless loop',
      {
        code: 'EINVAL',
        syscall: 'bpf(BPF_PROG_LOAD)',
        verifierLog: 'infinite loop detected at insn 0\ncur state: R1=ctx()\nold state: R1=ctx()\nprocessed 9 insns\n',
      },
      'the verifier says: infinite loop detected at insn 0',
    ],
  ])('has a cure: %s', async (_, given, cure) => {
    const cause = nativeError(given);
    const expected = {
      name: 'BpfError',
      code: given.code,
      object: 'blue',
      cure,
      cause,
      verifierLog: given.verifierLog,
    };
    const fail = () => {
      throw cause;
    };
    const thrown = await withCureAsync(
      'load blue',
      () => undefined,
      async () => fail(),
    ).catch(error => error);
    expect(thrown).toBeInstanceOf(BpfError);
    expect(thrown).toMatchObject(expected);
    expect(thrown.message).toBe(`cannot load blue: ${cure}`);
    expect(() => withCure('load blue', () => undefined, fail)).toThrow(expect.objectContaining(expected));
  });

  it('takes the cure of its operation first', () => {
    const call = () => {
      throw nativeError({ code: 'EPERM', syscall: 'bpf(BPF_OBJ_PIN)' });
    };
    expect(() => withCure('pin', ({ syscall }) => `not by ${syscall}`, call)).toThrow(
      'cannot pin: not by bpf(BPF_OBJ_PIN)',
    );
  });
});
