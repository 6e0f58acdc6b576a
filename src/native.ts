// The only file that loads the addon. What it declares is what native/ gives: sockets, namespaces, mounts and BPF
// objects of the kernel, nothing of firewalls. Every failure is a NativeError with errno, system call and object; a
// wrong argument is a TypeError that names it.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Thrown (or rejected with) by every call below. */
export interface NativeError extends Error {
  /** Symbolic, such as 'ENOENT'. */
  readonly code: string;
  /** Positive. */
  readonly errno: number;
  /** Such as 'setns', 'bpf(BPF_PROG_LOAD)'. */
  readonly syscall: string;
  /** What the call was about: a path, a name, a device. */
  readonly object: string;
  /** BPF loads only: what the verifier said. */
  readonly verifierLog?: string;
}

export interface SocketOptions {
  /** Where the socket lives: the path or an open descriptor of a network namespace; absent, the caller's. */
  readonly netns?: string | number;
  readonly domain: number;
  readonly type: number;
  /** For packet sockets 0: nothing arrives until bindPacket() names the device and the EtherType. */
  readonly protocol: number;
}

/** A datagram socket. It stays in the namespace where it was opened, whatever thread sends or receives. */
export interface Socket {
  /** Netlink: `bind` to a port (0: the kernel chooses) and a bit mask of the first 32 multicast groups. */
  bindNetlink(portId: number, groups: number): void;
  /** Packet: `bind` to a device; the EtherType in host byte order, 3 (ETH_P_ALL) for all. */
  bindPacket(ifindex: number, protocol: number): void;
  /** Options whose value is an int. */
  setOption(level: number, option: number, value: number): void;
  /** Options whose value is a name or a structure. */
  setOptionBytes(level: number, option: number, value: Uint8Array): void;
  getOption(level: number, option: number): number;
  /** Netlink: 0 until bound or first sent from. */
  readonly portId: number;
  /** Sends one datagram on a pool thread, after the sends asked for before it. The bytes are copied at once. */
  send(datagram: Uint8Array): Promise<number>;
  /**
   * Sends one datagram on the calling thread, for what takes the kernel microseconds. False: nothing was sent, for sends
   * asked for before are not done, or there is no room; send() it then.
   */
  sendNow(datagram: Uint8Array): boolean;
  /** As sendNow(), to a struct sockaddr given as its bytes. */
  sendTo(datagram: Uint8Array, address: Uint8Array): boolean;
  /** One datagram per frame (sendmmsg). Rejects naming the first frame that was not sent; those before it were. */
  sendMany(frames: readonly Uint8Array[]): Promise<number>;
  /**
   * The datagrams that have arrived, at least one, at most a millisecond's worth. Only one call may wait at a time; the
   * process stays alive while it does. Rejects with ENOBUFS where the kernel dropped some, and can be called again.
   * Netlink datagrams that other processes sent are left out.
   */
  receive(): Promise<Uint8Array[]>;
  /** The datagrams that have arrived, perhaps none; otherwise as receive(). Not while that waits (EALREADY). */
  receiveNow(): Uint8Array[];
  /** A waiting receive and the sends not begun reject with ECANCELED. Calling twice is harmless. */
  close(): void;
}

export interface BpfProgramInfo {
  readonly id: number;
  readonly type: number;
  readonly name: string;
  /** The kernel's digest of the instructions (SHA-1, from Linux 6.18 on SHA-256) cut to 16 hex digits. */
  readonly tag: string;
  /** Bytes of machine code; 0 without the JIT. */
  readonly jitedLength: number;
}

export interface TestRunResult {
  readonly retval: number;
  /** Nanoseconds for one run, averaged over the repeats. */
  readonly duration: number;
  readonly dataOut: Uint8Array;
}

export interface BpfProgram {
  readonly fd: number;
  pin(path: string): void;
  info(): BpfProgramInfo;
  /** Blocks for `repeat` runs. A socket filter wants an Ethernet frame and sees it from the network header on. */
  testRun(dataIn: Uint8Array, repeat: number, dataOutSize: number): TestRunResult;
  close(): void;
}

export interface BpfMapInfo extends BpfMapDescription {
  readonly id: number;
}

export interface BpfMapDescription {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
}

export interface BpfMapBlueprint extends BpfMapDescription {
  /** Maps of maps: a map of the shape that the elements will have. */
  readonly innerMapFd?: number;
}

export interface MapBatch {
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  readonly count: number;
  /** Where the next call goes on; absent after the last element. */
  readonly cursor?: Uint8Array;
}

/** Keys and values have exactly the map's sizes; per-CPU values are one per possible CPU, each padded to 8 bytes. */
export interface BpfMap {
  readonly fd: number;
  pin(path: string): void;
  info(): BpfMapInfo;
  /** undefined where the key is absent. */
  lookup(key: Uint8Array): Uint8Array | undefined;
  /** BPF_ANY 0, BPF_NOEXIST 1, BPF_EXIST 2. */
  update(key: Uint8Array, value: Uint8Array, flags: number): void;
  /** Whether the key was there. */
  delete(key: Uint8Array): boolean;
  /** undefined in: the first key. undefined out: there is none after it. */
  nextKey(key: Uint8Array | undefined): Uint8Array | undefined;
  /** Keys and values end to end, copied at once; resolves to how many. One system call, not one transaction. */
  updateBatch(keys: Uint8Array, values: Uint8Array, flags: number): Promise<number>;
  deleteBatch(keys: Uint8Array): Promise<number>;
  /** ENOSPC: `count` is smaller than one hash bucket; ask for more. */
  lookupBatch(cursor: Uint8Array | undefined, count: number): Promise<MapBatch>;
  /** The memory of an array made with BPF_F_MMAPABLE, each element padded to 8 bytes; unmapped when collected. */
  mmap(): ArrayBuffer;
  close(): void;
}

export interface BpfProgramDescription {
  readonly name: string;
  readonly section: string;
  readonly type: number;
}

export interface BpfVariable {
  readonly name: string;
  /** '.rodata', '.data' or '.bss': also the name of the map that holds it. */
  readonly section: string;
  /** Bytes into that map's value. */
  readonly offset: number;
  readonly size: number;
}

export interface BpfObject {
  maps(): BpfMapDescription[];
  programs(): BpfProgramDescription[];
  /** Empty where the object was compiled without debug information. */
  variables(): BpfVariable[];
  initialValue(map: string): Uint8Array;
  /** Before load: overwrites bytes of a data section. */
  setInitialValue(map: string, offset: number, bytes: Uint8Array): void;
  /** Before load. */
  setMaxEntries(map: string, maxEntries: number): void;
  /** Before load: the programs will use this map. Its descriptor is duplicated. */
  reuseMap(map: string, fd: number): void;
  /** Once per object, on a pool thread. Rejects with `verifierLog` where the kernel refuses a program. */
  load(): Promise<void>;
  /** After load: an object of its own, which outlives this one. */
  program(name: string): BpfProgram;
  map(name: string): BpfMap;
  close(): void;
}

export interface BpfProgramBlueprint {
  readonly type: number;
  readonly name: string;
  readonly license: string;
  /** struct bpf_insn, 8 bytes each, in host byte order. */
  readonly instructions: Uint8Array;
}

interface Addon {
  readonly Socket: new (options: SocketOptions) => Socket;
  readonly BpfObject: new (elf: Uint8Array, name: string) => BpfObject;
  /** `ip netns add NAME`. */
  createNamespace(name: string): void;
  /** `ip netns delete NAME`. */
  deleteNamespace(name: string): void;
  /** Opens a file, such as one below /proc/sys/net, as seen from a namespace; the caller owns the descriptor. */
  openFileInNetns(netns: string | number | undefined, path: string, flags: number): number;
  /** flock(2), exclusive, until the open file's last descriptor is closed; whether nobody else has it. Never blocks. */
  tryLockFile(fd: number): boolean;
  /** statfs(2)'s f_type. */
  filesystemMagic(path: string): number;
  /** Unless a file system with that magic number is there already; whether it mounted. Safe against other processes. */
  mountFilesystem(type: string, target: string, data: string, magic: number): boolean;
  unmountFilesystem(target: string): void;
  loadProgram(program: BpfProgramBlueprint): BpfProgram;
  openPinnedProgram(path: string): BpfProgram;
  createMap(map: BpfMapBlueprint): BpfMap;
  openPinnedMap(path: string): BpfMap;
}

/** The addon, loaded on import. */
export const native: Addon = loadAddon();

/** Opens a socket inside a network namespace without changing any thread's own. */
export function openSocket(options: SocketOptions): Socket {
  return new native.Socket(options);
}

/** By shape: the addon's errors belong to Node's main realm, which `instanceof` does not recognise from another. */
export function isNativeError(error: unknown): error is NativeError {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'object' in error && 'errno' in error;
}

function loadAddon(): Addon {
  const path = join(repositoryRoot(), 'build', 'Release', 'rampart_native.node');
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`make build\` to compile the addon`);
  return require(path);
}

/** This file runs from src/ under jest and from build/js/ otherwise. */
function repositoryRoot(): string {
  const parent = dirname(__dirname);
  return __dirname.endsWith(join('build', 'js')) ? dirname(parent) : parent;
}
