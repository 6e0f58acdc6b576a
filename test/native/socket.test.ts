// Sockets inside namespaces: who answers them, in which order, what is lost and what is not. Netlink messages are
// written out by hand: length, type, flags, sequence number, port id, then the family's header, all little-endian.

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

import { openSocket, type Socket } from '../../src/native';
import { ownNamespace } from '../netns/own-namespace';

const AF_INET = 2;
const AF_NETLINK = 16;
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_BINDTODEVICE = 25;
const SO_RCVBUFFORCE = 33;
const SOL_RAW = 255;
const ICMP_FILTER = 1;
const IPPROTO_ICMP = 1;
const SOL_NETLINK = 270;
const NETLINK_EXT_ACK = 11;
const ETH_P_ALL = 3;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const RTM_NEWLINK = 16;

/** RTM_GETLINK (18) with NLM_F_REQUEST | NLM_F_DUMP, and an empty ifinfomsg. */
const dumpLinks = '20000000 1200 0103 01000000 00000000 00000000000000000000000000000000';

/** RTM_GETLINK of ifindex 99, which nobody has: one NLMSG_ERROR comes back. The sequence number is the parameter. */
const getNoLink = (sequence: string) => `20000000 1200 0100 ${sequence} 00000000 00000000 63000000 0000000000000000`;

const here = ownNamespace('socket');
const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
});

function netlink(netns = `/run/netns/${here}`): Socket {
  const socket = openSocket({ netns, domain: AF_NETLINK, type: SOCK_RAW, protocol: 0 });
  opened.push(socket);
  return socket;
}

function packet(netns: string, device: string): Socket {
  const socket = openSocket({ netns: `/run/netns/${netns}`, domain: AF_PACKET, type: SOCK_RAW, protocol: 0 });
  opened.push(socket);
  socket.bindPacket(ifindex(netns, device), ETH_P_ALL);
  return socket;
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}

function ifindex(netns: string, device: string): number {
  return Number(ip('-n', netns, '-o', 'link', 'show', device).split(':')[0]);
}

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

interface Message {
  readonly type: number;
  readonly sequence: number;
  readonly body: Buffer;
}

/** The netlink messages of the datagrams, each rounded up to 4 bytes. */
function messages(datagrams: readonly Uint8Array[]): Message[] {
  const all: Message[] = [];
  for (const datagram of datagrams.map(data => Buffer.from(data))) {
    for (let at = 0; at < datagram.length; at += (datagram.readUInt32LE(at) + 3) & ~3) {
      const body = datagram.subarray(at + 16, at + datagram.readUInt32LE(at));
      all.push({ type: datagram.readUInt16LE(at + 4), sequence: datagram.readUInt32LE(at + 8), body });
    }
  }
  return all;
}

async function receiveMessages(socket: Socket, count: number): Promise<Message[]> {
  const all: Message[] = [];
  while (all.length < count) all.push(...messages(await socket.receive()));
  return all;
}

/** IFLA_IFNAME (3) is the first attribute of RTM_NEWLINK, after the 16 bytes of ifinfomsg. */
function linkName({ body }: Message): string {
  expect(body.readUInt16LE(18)).toBe(3);
  return body.toString('latin1', 20, 16 + body.readUInt16LE(16) - 1);
}

describe('a netlink socket', () => {
  it('talks to the namespace where it was opened', async () => {
    ip('-n', here, 'link', 'add', 'here0', 'type', 'bridge');
    const socket = netlink();
    expect(await socket.send(bytes(dumpLinks))).toBe(32);
    const answer = await receiveMessages(socket, 3);
    expect(answer.map(message => message.type)).toEqual([RTM_NEWLINK, RTM_NEWLINK, NLMSG_DONE]);
    expect(answer.slice(0, 2).map(linkName)).toEqual(['lo', 'here0']);
    ip('-n', here, 'link', 'delete', 'here0');
  });

  it('talks to the namespace of an open descriptor', async () => {
    const fd = openSync(`/run/netns/${here}`, 'r');
    const socket = openSocket({ netns: fd, domain: AF_NETLINK, type: SOCK_RAW, protocol: 0 });
    closeSync(fd);
    opened.push(socket);
    await socket.send(bytes(dumpLinks));
    expect((await receiveMessages(socket, 2)).map(message => message.type)).toEqual([RTM_NEWLINK, NLMSG_DONE]);
  });

  it('leaves the namespace of the calling thread alone', () => {
    const before = readlinkSync('/proc/thread-self/ns/net');
    netlink();
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(before);
    expect(readlinkSync('/proc/self/ns/net')).toBe(before);
  });

  it('sends in the order of the calls', async () => {
    const socket = netlink();
    socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, 1 << 20);
    const sends = Array.from({ length: 200 }, (_, index) => {
      return socket.send(bytes(getNoLink(`${index.toString(16).padStart(2, '0')}000000`)));
    });
    await Promise.all(sends);
    const answer = await receiveMessages(socket, 200);
    expect(answer.map(message => message.sequence)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it('sends at once what nothing waits before, and has the answer then', () => {
    const socket = netlink();
    expect(socket.sendNow(bytes(getNoLink('0c000000')))).toBe(true);
    expect(messages(socket.receiveNow()).map(message => message.sequence)).toEqual([12]);
    expect(socket.receiveNow()).toEqual([]);
  });

  it('sends nothing at once while other sends are under way', async () => {
    const socket = netlink();
    const sent = socket.send(bytes(getNoLink('0d000000')));
    expect(socket.sendNow(bytes(getNoLink('0e000000')))).toBe(false);
    await sent;
    expect(socket.sendNow(bytes(getNoLink('0f000000')))).toBe(true);
    expect((await receiveMessages(socket, 2)).map(message => message.sequence)).toEqual([13, 15]);
  });

  it('takes nothing from a receive that waits', async () => {
    const socket = netlink();
    const waiting = receiveMessages(socket, 1);
    expect(() => socket.receiveNow()).toThrow(expect.objectContaining({ code: 'EALREADY', syscall: 'recvmsg' }));
    socket.sendNow(bytes(getNoLink('10000000')));
    expect((await waiting)[0]?.sequence).toBe(16);
  });

  it('does neither once it is closed', () => {
    const socket = netlink();
    socket.close();
    expect(() => socket.sendNow(bytes(dumpLinks))).toThrow(expect.objectContaining({ code: 'EBADF' }));
    expect(() => socket.receiveNow()).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });

  it('has a port id once it is bound', () => {
    const socket = netlink();
    expect(socket.portId).toBe(0);
    socket.bindNetlink(0x7a000000 + process.pid, 0);
    expect(socket.portId).toBe(0x7a000000 + process.pid);
  });

  it('takes and gives options', () => {
    const socket = netlink();
    socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
    expect(socket.getOption(SOL_NETLINK, NETLINK_EXT_ACK)).toBe(1);
    socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20);
    // The kernel doubles what it is asked for.
    expect(socket.getOption(SOL_SOCKET, SO_RCVBUF)).toBe(16 << 20);
  });

  it('hears multicast groups', async () => {
    const socket = netlink();
    socket.bindNetlink(0, 1); // RTMGRP_LINK
    const heard = receiveMessages(socket, 1);
    ip('-n', here, 'link', 'add', 'heard0', 'type', 'bridge');
    expect((await heard).slice(0, 1).map(linkName)).toEqual(['heard0']);
    ip('-n', here, 'link', 'delete', 'heard0');
  });

  it('delivers an answer longer than its buffer whole', async () => {
    const socket = netlink();
    // RTM_GETLINK refused for its length: without NETLINK_CAP_ACK the error quotes all 100,000 bytes of the request.
    const request = Buffer.concat([bytes('a0860100 ffff 0500 01000000 00000000'), Buffer.alloc(100_000 - 16, 0x5a)]);
    await socket.send(request);
    const [answer] = await receiveMessages(socket, 1);
    expect(answer?.type).toBe(NLMSG_ERROR);
    expect(answer?.body.length).toBe(4 + 100_000);
    expect(answer?.body.subarray(4).equals(request)).toBe(true);
  });

  it('reports ENOBUFS where the kernel dropped answers, and goes on', async () => {
    const socket = netlink();
    socket.setOption(SOL_SOCKET, SO_RCVBUF, 4096);
    for (let sent = 0; sent < 100; sent++) await socket.send(bytes(getNoLink('07000000')));
    await expect(socket.receive()).rejects.toMatchObject({ code: 'ENOBUFS', syscall: 'recvmsg' });
    const kept = messages(await socket.receive()).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(100);
    await socket.send(bytes(getNoLink('08000000')));
    expect((await receiveMessages(socket, 1)).map(message => message.sequence)).toEqual([8]);
  });

  it('reports ENOBUFS at once as well, and goes on', () => {
    const socket = netlink();
    socket.setOption(SOL_SOCKET, SO_RCVBUF, 4096);
    for (let sent = 0; sent < 100; sent++) socket.sendNow(bytes(getNoLink('07000000')));
    expect(() => socket.receiveNow()).toThrow(expect.objectContaining({ code: 'ENOBUFS', syscall: 'recvmsg' }));
    expect(messages(socket.receiveNow()).length).toBeGreaterThan(0);
    expect(socket.sendNow(bytes(getNoLink('08000000')))).toBe(true);
    expect(messages(socket.receiveNow()).map(message => message.sequence)).toEqual([8]);
  });

  it('does not listen to other processes of the namespace', async () => {
    const socket = netlink();
    socket.bindNetlink(0, 0);
    const forge = `
import socket, sys
forger = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
forger.sendto(bytes.fromhex('24000000020000000900000000000000' + '00' * 20), (int(sys.argv[1]), 0))
`;
    execFileSync('ip', ['netns', 'exec', here, 'python3', '-c', forge, String(socket.portId)]);
    await socket.send(bytes(getNoLink('0a000000')));
    expect((await receiveMessages(socket, 1)).map(message => message.sequence)).toEqual([10]);
  });

  it('rejects the waiting receive when it is closed', async () => {
    const socket = netlink();
    const waiting = expect(socket.receive()).rejects.toMatchObject({ code: 'ECANCELED', syscall: 'recvmsg' });
    socket.close();
    socket.close();
    await waiting;
  });

  it('rejects the sends that have not begun when it is closed', async () => {
    const socket = netlink();
    const sends = Array.from({ length: 20 }, () => socket.send(bytes(dumpLinks)));
    const outcomes = Promise.all(sends.map(send => send.then(String, error => error.code)));
    socket.close();
    expect(await outcomes).toEqual(['32', ...Array.from({ length: 19 }, () => 'ECANCELED')]);
  });
});

describe('the process', () => {
  const addon = join(__dirname, '../../build/Release/rampart_native.node');
  const open = `const socket = new (require(${JSON.stringify(addon)}).Socket)({ domain: 16, type: 3, protocol: 0 });`;

  it.each([
    ['ends with an idle socket open', open, 'end'],
    [
      'lives while a receive is waiting',
      `${open} socket.receive().catch(error => console.log(error.code));
       setTimeout(() => socket.close(), 50).unref();`,
      'ECANCELED\nend',
    ],
    [
      'goes on while a receive is waiting',
      `${open} socket.receive().catch(error => console.log(error.code));
       setImmediate(() => setImmediate(() => { console.log('two turns'); socket.close(); }));`,
      'two turns\nECANCELED\nend',
    ],
  ])('%s', (_, script, output) => {
    const child = spawnSync(process.execPath, ['-e', `process.on('exit', () => console.log('end')); ${script}`], {
      encoding: 'utf8',
      // Only one that hangs takes so long.
      timeout: 30_000,
    });
    expect(child.stderr).toBe('');
    expect(child.stdout.trim()).toBe(output);
  });
});

describe('a packet socket', () => {
  const there = ownNamespace('peer');
  // Destination, source and the EtherType that IEEE leaves for local experiments; the frame's number follows.
  const frame = (number: number) => Buffer.concat([bytes('ffffffffffff 020000000001 88b5'), Buffer.alloc(46, number)]);

  beforeAll(() => {
    ip('-n', here, 'link', 'add', 'left', 'type', 'veth', 'peer', 'name', 'right', 'netns', there);
    for (const [netns, device] of [
      [here, 'left'],
      [there, 'right'],
    ] as const) {
      execFileSync('ip', ['netns', 'exec', netns, 'sysctl', '-qw', `net.ipv6.conf.${device}.disable_ipv6=1`]);
      ip('-n', netns, 'link', 'set', device, 'up');
    }
  });

  it('sends many frames to a device, and another receives them', async () => {
    const left = packet(here, 'left');
    const right = packet(there, 'right');
    right.setOption(SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20);
    const sent = Array.from({ length: 1500 }, (_, index) => frame(index % 256));
    expect(await left.sendMany(sent)).toBe(1500);
    const received: Uint8Array[] = [];
    while (received.length < 1500) received.push(...(await right.receive()));
    expect(Buffer.concat(received).equals(Buffer.concat(sent))).toBe(true);
  });

  it('says at once that a frame is too long', () => {
    const left = packet(here, 'left');
    expect(() => left.sendNow(Buffer.alloc(9000))).toThrow(
      expect.objectContaining({ code: 'EMSGSIZE', syscall: 'sendmsg', object: 'domain 17 protocol 0' }),
    );
  });

  it('names the frame that could not be sent', async () => {
    const left = packet(here, 'left');
    await expect(left.sendMany([frame(1), frame(2), Buffer.alloc(9000)])).rejects.toMatchObject({
      code: 'EMSGSIZE',
      syscall: 'sendmmsg',
      object: 'domain 17 protocol 0 frame 2',
    });
  });
});

describe('a raw socket', () => {
  /** struct sockaddr_in of 127.0.0.1. */
  const loopback = bytes('0200 0000 7f000001 0000000000000000');
  /** ICMP echo request, identifier 0x1234, sequence 5. */
  const request = bytes('0800 e5c6 1234 0005');

  beforeAll(() => {
    ip('-n', here, 'link', 'set', 'lo', 'up');
  });

  function raw(): Socket {
    const socket = openSocket({ netns: `/run/netns/${here}`, domain: AF_INET, type: SOCK_RAW, protocol: IPPROTO_ICMP });
    opened.push(socket);
    return socket;
  }

  it('sends to an address and hears the answer, of the types that its filter leaves', async () => {
    const socket = raw();
    socket.setOption(SOL_RAW, ICMP_FILTER, ~1); // echo reply alone
    socket.setOptionBytes(SOL_SOCKET, SO_BINDTODEVICE, Buffer.from('lo\0'));
    expect(socket.sendTo(request, loopback)).toBe(true);
    const [answer] = await socket.receive();
    // Behind the IPv4 header of 20 bytes: type 0, code 0, its checksum, and the same identifier and sequence.
    expect(Buffer.from(answer as Uint8Array).toString('hex', 20)).toBe('0000edc612340005');
  });

  it('takes an option of bytes, and says when the kernel does not', () => {
    expect(() => raw().setOptionBytes(SOL_SOCKET, SO_BINDTODEVICE, Buffer.from('none0\0'))).toThrow(
      expect.objectContaining({ code: 'ENODEV', syscall: 'setsockopt', object: 'level 1 option 25' }),
    );
  });

  it.each([
    ['to a network that there is no route to', bytes('0200 0000 c0000201 0000000000000000'), 'ENETUNREACH'],
    ['to half an address', bytes('0200 0000'), 'EINVAL'],
    ['to more than an address', Buffer.alloc(129), 'EINVAL'],
    ['to an address of no bytes', Buffer.alloc(0), 'EDESTADDRREQ'],
  ])('sends nothing %s', (_, address, code) => {
    expect(() => raw().sendTo(request, address)).toThrow(expect.objectContaining({ code, syscall: 'sendmsg' }));
  });

  it('sends nothing once it is closed', () => {
    const socket = raw();
    socket.close();
    expect(() => socket.sendTo(request, loopback)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });
});
