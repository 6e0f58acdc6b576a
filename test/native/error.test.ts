// The shape of what goes wrong: errno errors with code, system call and object, TypeErrors with the argument's name.

import { native, openSocket } from '../../src/native';

const EXIT_ZERO = 'b700000000000000' + '9500000000000000';

const program = () =>
  native.loadProgram({ type: 1, name: 'zero', license: 'GPL', instructions: Buffer.from(EXIT_ZERO, 'hex') });
const map = () => native.createMap({ name: 'numbers', type: 1, keySize: 4, valueSize: 8, maxEntries: 2, flags: 0 });

function closed<T extends { close(): void }>(object: T): T {
  object.close();
  return object;
}

const netlink = (netns?: string | number) =>
  openSocket({ ...(netns === undefined ? {} : { netns }), domain: 16, type: 3, protocol: 0 });

describe('a failed system call', () => {
  it.each<[string, () => unknown, { code: string; errno: number; syscall: string; object: string; message: string }]>([
    [
      'to open a socket in a namespace that does not exist',
      () => netlink('/run/netns/rampart-none'),
      {
        code: 'ENOENT',
        errno: 2,
        syscall: 'open',
        object: '/run/netns/rampart-none',
        message: 'open /run/netns/rampart-none: No such file or directory (ENOENT)',
      },
    ],
    [
      'to enter what is no namespace',
      () => netlink('/etc/hostname'),
      {
        code: 'EINVAL',
        errno: 22,
        syscall: 'setns',
        object: '/etc/hostname',
        message: 'setns /etc/hostname: Invalid argument (EINVAL)',
      },
    ],
    [
      'to enter a namespace of another type',
      () => netlink('/proc/self/ns/uts'),
      {
        code: 'EINVAL',
        errno: 22,
        syscall: 'setns',
        object: '/proc/self/ns/uts',
        message: 'setns /proc/self/ns/uts: Invalid argument (EINVAL)',
      },
    ],
    [
      'to enter a descriptor that is not open',
      () => netlink(987654),
      {
        code: 'EBADF',
        errno: 9,
        syscall: 'fcntl(F_DUPFD_CLOEXEC)',
        object: 'fd 987654',
        message: 'fcntl(F_DUPFD_CLOEXEC) fd 987654: Bad file descriptor (EBADF)',
      },
    ],
    [
      'to open a socket of a protocol that does not exist',
      () => openSocket({ domain: 16, type: 3, protocol: 31 }),
      {
        code: 'EPROTONOSUPPORT',
        errno: 93,
        syscall: 'socket',
        object: 'domain 16 protocol 31',
        message: 'socket domain 16 protocol 31: Protocol not supported (EPROTONOSUPPORT)',
      },
    ],
    [
      'to send on a closed socket',
      () => closed(netlink()).send(new Uint8Array(1)),
      {
        code: 'EBADF',
        errno: 9,
        syscall: 'closed socket',
        object: 'domain 16 protocol 0',
        message: 'closed socket domain 16 protocol 0: Bad file descriptor (EBADF)',
      },
    ],
    [
      'to delete a namespace that does not exist',
      () => native.deleteNamespace('rampart-none'),
      {
        code: 'ENOENT',
        errno: 2,
        syscall: 'umount2',
        object: '/run/netns/rampart-none',
        message: 'umount2 /run/netns/rampart-none: No such file or directory (ENOENT)',
      },
    ],
    [
      'to ask for the file system of a path that does not exist',
      () => native.filesystemMagic('/rampart-none'),
      {
        code: 'ENOENT',
        errno: 2,
        syscall: 'statfs',
        object: '/rampart-none',
        message: 'statfs /rampart-none: No such file or directory (ENOENT)',
      },
    ],
    [
      'to mount a file system that does not exist',
      () => native.mountFilesystem('rampartfs', '/tmp', '', 1),
      {
        code: 'ENODEV',
        errno: 19,
        syscall: 'mount(rampartfs)',
        object: '/tmp',
        message: 'mount(rampartfs) /tmp: No such device (ENODEV)',
      },
    ],
    [
      'to unmount what is no mount point',
      () => native.unmountFilesystem('/usr/bin'),
      {
        code: 'EINVAL',
        errno: 22,
        syscall: 'umount2',
        object: '/usr/bin',
        message: 'umount2 /usr/bin: Invalid argument (EINVAL)',
      },
    ],
    [
      'to pin a program where no BPF file system is',
      () => program().pin('/tmp/rampart-none'),
      {
        code: 'EPERM',
        errno: 1,
        syscall: 'bpf(BPF_OBJ_PIN)',
        object: '/tmp/rampart-none',
        message: 'bpf(BPF_OBJ_PIN) /tmp/rampart-none: Operation not permitted (EPERM)',
      },
    ],
    [
      'to open a pin that does not exist',
      () => native.openPinnedProgram('/sys/fs/bpf/rampart-none'),
      {
        code: 'ENOENT',
        errno: 2,
        syscall: 'bpf(BPF_OBJ_GET)',
        object: '/sys/fs/bpf/rampart-none',
        message: 'bpf(BPF_OBJ_GET) /sys/fs/bpf/rampart-none: No such file or directory (ENOENT)',
      },
    ],
    [
      'to run a program on a frame that is too short',
      () => program().testRun(new Uint8Array(13), 1, 0),
      {
        code: 'EINVAL',
        errno: 22,
        syscall: 'bpf(BPF_PROG_TEST_RUN)',
        object: '13 bytes',
        message: 'bpf(BPF_PROG_TEST_RUN) 13 bytes: Invalid argument (EINVAL)',
      },
    ],
    [
      'to use a closed program',
      () => closed(program()).info(),
      {
        code: 'EBADF',
        errno: 9,
        syscall: 'closed program',
        object: 'zero',
        message: 'closed program zero: Bad file descriptor (EBADF)',
      },
    ],
    [
      'to use a closed map',
      () => closed(map()).lookup(new Uint8Array(4)),
      {
        code: 'EBADF',
        errno: 9,
        syscall: 'closed map',
        object: 'numbers',
        message: 'closed map numbers: Bad file descriptor (EBADF)',
      },
    ],
    [
      'to create a map of a type that does not exist',
      () => native.createMap({ name: 'none', type: 999, keySize: 4, valueSize: 4, maxEntries: 1, flags: 0 }),
      {
        code: 'EINVAL',
        errno: 22,
        syscall: 'bpf(BPF_MAP_CREATE)',
        object: 'none',
        message: 'bpf(BPF_MAP_CREATE) none: Invalid argument (EINVAL)',
      },
    ],
    [
      'to map memory of a map that was not made for it',
      () => map().mmap(),
      {
        code: 'ENOTSUPP',
        errno: 524,
        syscall: 'mmap',
        object: 'numbers',
        message: 'mmap numbers: Operation is not supported (ENOTSUPP)',
      },
    ],
    [
      'to open an object that is no ELF file',
      () => new native.BpfObject(Buffer.from('no ELF file'), 'object'),
      {
        code: 'LIBBPF_FORMAT',
        errno: 4001,
        syscall: 'bpf_object__open',
        object: 'object',
        message: 'bpf_object__open object: Not a BPF object file (LIBBPF_FORMAT)',
      },
    ],
  ])('%s is an error with code, system call and object', (_, call, expected) => {
    const error = failure(call);
    expect(error).toMatchObject(expected);
    expect(`${error}`).toBe(`Error: ${expected.message}`);
  });
});

describe('a wrong argument', () => {
  const call = (target: object, method: string, ...given: unknown[]) => {
    return () => Reflect.apply(Reflect.get(target, method), target, given);
  };
  const construct = (type: new (...given: never[]) => unknown, ...given: unknown[]) => {
    return () => Reflect.construct(type, given);
  };
  const int32 = 'an integer from -2147483648 to 2147483647';
  const uint32 = 'an integer from 0 to 4294967295';
  const socket = { domain: 16, type: 3, protocol: 0 };
  const shape = { name: 'none', type: 1, keySize: 4, valueSize: 4, maxEntries: 1, flags: 0 };
  const bytes = (length: number) => new Uint8Array(length);

  it.each<[string, () => unknown]>([
    ['options must be an object', construct(native.Socket)],
    [`domain must be ${int32}`, construct(native.Socket, {})],
    [`type must be ${int32}`, construct(native.Socket, { ...socket, type: 1.5 })],
    [`protocol must be ${int32}`, construct(native.Socket, { ...socket, protocol: 2 ** 31 })],
    ['netns must be a path, a file descriptor or undefined', construct(native.Socket, { ...socket, netns: null })],
    ['netns must be a string without NUL characters', construct(native.Socket, { ...socket, netns: '/run\0/x' })],
    [`portId must be ${uint32}`, call(netlink(), 'bindNetlink', -1, 0)],
    [`groups must be ${uint32}`, call(netlink(), 'bindNetlink', 0)],
    [`ifindex must be ${int32}`, call(netlink(), 'bindPacket', 'lo', 3)],
    ['protocol must be an integer from 0 to 65535', call(netlink(), 'bindPacket', 1, 65536)],
    [`value must be ${int32}`, call(netlink(), 'setOption', 1, 8, true)],
    ['datagram must be a Uint8Array', call(netlink(), 'send', 'text')],
    ['datagram must be a Uint8Array', call(netlink(), 'send', new Uint16Array(4))],
    ['frames must be an array of Uint8Array', call(netlink(), 'sendMany', bytes(4))],
    ['frames[1] must be a Uint8Array', call(netlink(), 'sendMany', [bytes(4), [1, 2]])],
    ['name must be a string', call(native, 'createNamespace', 42)],
    [
      "name must be a file name of 1 to 255 bytes without '/', not '.' or '..'",
      call(native, 'createNamespace', '../escape'),
    ],
    ["name must be a file name of 1 to 255 bytes without '/', not '.' or '..'", call(native, 'deleteNamespace', '..')],
    ["name must be a file name of 1 to 255 bytes without '/', not '.' or '..'", call(native, 'deleteNamespace', '')],
    [
      "name must be a file name of 1 to 255 bytes without '/', not '.' or '..'",
      call(native, 'createNamespace', 'é'.repeat(128)),
    ],
    [`flags must be ${int32}`, call(native, 'openFileInNetns', undefined, '/etc/hostname')],
    ['elf must be a Uint8Array', construct(native.BpfObject, 'elf', 'name')],
    ['name must be a string', construct(native.BpfObject, bytes(4))],
    ['program must be an object', call(native, 'loadProgram', 1)],
    [
      'instructions must be of 8 bytes each',
      call(native, 'loadProgram', { type: 1, name: 'none', license: 'GPL', instructions: bytes(12) }),
    ],
    [`keySize must be ${uint32}`, call(native, 'createMap', { ...shape, keySize: '4' })],
    ['dataIn must be a Uint8Array', call(program(), 'testRun')],
    ['key must be of 4 bytes, not 5', call(map(), 'lookup', bytes(5))],
    ['value must be of 8 bytes, not 4', call(map(), 'update', bytes(4), bytes(4), 0)],
    ['key must be of 4 bytes, not 0', call(map(), 'nextKey', bytes(0))],
    [
      'keys must be of one or more elements of 4 bytes, not of 6 bytes',
      call(map(), 'updateBatch', bytes(6), bytes(8), 0),
    ],
    ['keys must be of one or more elements of 4 bytes, not of 0 bytes', call(map(), 'deleteBatch', bytes(0))],
    ['values must be of 16 bytes, not 8', call(map(), 'updateBatch', bytes(8), bytes(8), 0)],
    ['cursor must be of 4 bytes, not 3', call(map(), 'lookupBatch', bytes(3), 1)],
  ])('is a TypeError: %s', (message, wrong) => {
    const error = failure(wrong);
    expect(`${error}`).toBe(`TypeError: ${message}`);
  });

  it.each<[string, () => unknown]>([
    ['a method on a plain object', () => Reflect.apply(netlink().close, {}, [])],
    ['a method on an object of another class', () => Reflect.apply(netlink().close, map(), [])],
    ['a method on a heir of the class', () => Object.create(netlink()).close()],
  ])('is a TypeError: %s', (_, wrong) => {
    expect(`${failure(wrong)}`).toBe('TypeError: Illegal invocation');
  });
});

function failure(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}
