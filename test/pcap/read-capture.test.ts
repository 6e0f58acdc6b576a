// The reader against files written out byte by byte, and against what Wireshark's tools make of the same frames.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureError } from '../../src/pcap/capture-error';
import type { Frame } from '../../src/pcap/frame';
import { readCapture } from '../../src/pcap/read-capture';
import { bytesOf, captureFile, newPath, removeCaptureFiles } from './capture-file';

const LITTLE_HEADER = 'd4c3b2a1 0200 0400 00000000 00000000 00000400 65000000';
const BIG_HEADER = 'a1b2c3d4 0002 0004 00000000 00000000 00040000 00000065';
const LITTLE_RECORD = '01000000 02000000 03000000 09000000 aabbcc';

const SECTION = '0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000';
const BIG_SECTION = '0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c';
const INTERFACE = '01000000 14000000 6500 0000 00000000 14000000';
const ETHERNET_INTERFACE = '01000000 14000000 0100 0000 02000000 14000000';
const ENHANCED = '06000000 24000000 00000000 00000000 00000000 03000000 09000000 aabbcc00 24000000';

afterAll(removeCaptureFiles);

interface Reading {
  readonly frames: readonly Frame[];
  readonly error?: unknown;
}

function readAll(file: string): Reading {
  const frames: Frame[] = [];
  try {
    for (const frame of readCapture(file)) frames.push(frame);
  } catch (error) {
    return { frames, error };
  }
  return { frames };
}

const frame = (number: number, linkType: number, originalLength: number, hex: string): Frame => {
  const bytes = bytesOf(hex);
  return { number, linkType, capturedLength: bytes.length, originalLength, bytes };
};

describe('a whole file', () => {
  test.each<[string, string, Frame[]]>([
    ['pcap without frames', LITTLE_HEADER, []],
    ['little-endian pcap in microseconds', LITTLE_HEADER + LITTLE_RECORD, [frame(1, 101, 9, 'aabbcc')]],
    [
      'little-endian pcap in nanoseconds',
      `4d3cb2a1 ${LITTLE_HEADER.slice(8)} ${LITTLE_RECORD}`,
      [frame(1, 101, 9, 'aabbcc')],
    ],
    [
      'big-endian pcap in microseconds',
      `${BIG_HEADER} 00000001 00000002 00000001 00000001 45 00000001 00000002 00000000 00000007`,
      [frame(1, 101, 1, '45'), frame(2, 101, 7, '')],
    ],
    [
      'big-endian pcap in nanoseconds',
      `a1b23c4d ${BIG_HEADER.slice(8)} 00000001 00000002 00000001 00000001 45`,
      [frame(1, 101, 1, '45')],
    ],
    [
      'pcap whose link type says that frames end with a check sequence',
      `d4c3b2a1 0200 0400 00000000 00000000 00000400 01000024 ${LITTLE_RECORD}`,
      [frame(1, 1, 9, 'aabbcc')],
    ],
    ['pcapng with an enhanced packet', SECTION + INTERFACE + ENHANCED, [frame(1, 101, 9, 'aabbcc')]],
    [
      'pcapng with a simple packet, cut at the snap length',
      `${SECTION} ${ETHERNET_INTERFACE} 03000000 14000000 09000000 aabb0000 14000000`,
      [frame(1, 1, 9, 'aabb')],
    ],
    [
      'pcapng with an obsolete packet',
      `${SECTION} ${INTERFACE} 02000000 24000000 0000 0000 00000000 00000000 01000000 01000000 dd000000 24000000`,
      [frame(1, 101, 1, 'dd')],
    ],
    [
      'pcapng with an unknown block, passed over',
      `${SECTION} ${INTERFACE} 99000000 10000000 01020304 10000000 ${ENHANCED}`,
      [frame(1, 101, 9, 'aabbcc')],
    ],
    [
      'pcapng of two sections in both byte orders, interfaces counted anew',
      `${SECTION} ${INTERFACE} ${ENHANCED} ${BIG_SECTION} 00000001 00000014 00e4 0000 00000000 00000014
       00000006 00000024 00000000 00000000 00000000 00000001 00000001 45000000 00000024`,
      [frame(1, 101, 9, 'aabbcc'), frame(2, 228, 1, '45')],
    ],
  ])('%s', (_, hex, frames) => {
    expect(readAll(captureFile(hex))).toEqual({ frames });
  });
});

describe('a file that is cut or no capture gives the frames before the fault, then says what and where', () => {
  test.each<[string, string, number, string, number, string]>([
    ['an empty file', '', 0, 'capture.truncated', 0, "the file ends inside the format's magic number: 0 of 4 bytes"],
    ['a text file', '68656c6c6f', 0, 'capture.not-a-capture', 0, '0x68656c6c is the magic number of neither'],
    ['a gzip file', '1f8b0800 0000', 0, 'capture.not-a-capture', 0, '0x1f8b0800 is the magic number of neither'],
    ['half a file header', 'd4c3b2a1 0200', 0, 'capture.truncated', 0, 'the file header: 6 of 24 bytes'],
    ['pcap 2.3', 'd4c3b2a1 0200 0300 00000000 00000000 00000400 65000000', 0, 'capture.unsupported', 4, 'version 2.3'],
    [
      'half a record header',
      `${LITTLE_HEADER} ${LITTLE_RECORD} 0100`,
      1,
      'capture.truncated',
      43,
      'the header of frame 2: 2 of 16',
    ],
    [
      'half a frame',
      `${LITTLE_HEADER} ${LITTLE_RECORD} ${LITTLE_RECORD.slice(0, -2)}`,
      1,
      'capture.truncated',
      43,
      'frame 2: 2 of 3 bytes',
    ],
    [
      'a record header of garbage',
      `${LITTLE_HEADER} ${LITTLE_RECORD} 00000000 00000000 01000400 01000400`,
      1,
      'capture.damaged',
      43,
      'frame 2 claims 262145 bytes',
    ],
    [
      'a section without byte order',
      '0a0d0d0a 1c000000 00000000',
      0,
      'capture.damaged',
      0,
      'without the byte-order magic',
    ],
    ['half a section header', '0a0d0d0a 1c000000 4d3c', 0, 'capture.truncated', 0, 'a section header: 10 of 28 bytes'],
    ['half a block', `${SECTION} ${INTERFACE} 06000000 24000000 0000`, 0, 'capture.truncated', 48, 'a block: 10 of 36'],
    ['a block of no length', `${SECTION} 06000000 00000000`, 0, 'capture.damaged', 28, 'a block claims 0 bytes'],
    ['a block of 4 GiB', `${SECTION} 06000000 fcffffff`, 0, 'capture.damaged', 28, 'a block claims 4294967292 bytes'],
    [
      'two lengths that differ',
      `${SECTION} 99000000 10000000 01020304 11000000`,
      0,
      'capture.damaged',
      28,
      'a block of 16 bytes ends as one of 17',
    ],
    ['a frame of no interface', SECTION + ENHANCED, 0, 'capture.damaged', 28, 'of interface 0, not described'],
    [
      'a frame longer than its block',
      `${SECTION} ${INTERFACE} ${ENHANCED} 06000000 24000000 00000000 00000000 00000000 05000000 09000000 aabbcc00 24000000`,
      1,
      'capture.damaged',
      84,
      'frame 2 claims 5 bytes, its block has 4',
    ],
    [
      'a packet block without fields',
      `${SECTION} 06000000 0c000000 0c000000`,
      0,
      'capture.damaged',
      28,
      'shorter than',
    ],
    ['an interface without link type', `${SECTION} 01000000 0c000000 0c000000`, 0, 'capture.damaged', 28, 'link type'],
  ])('%s', (_, hex, wholeFrames, code, offset, text) => {
    const file = captureFile(hex);
    const { frames, error } = readAll(file);
    expect(frames).toHaveLength(wholeFrames);
    expect(error).toBeInstanceOf(CaptureError);
    expect(error).toMatchObject({
      code,
      file,
      offset,
      message: expect.stringContaining(text),
      cure: expect.anything(),
    });
    expect(String(error)).toContain(`CaptureError: ${file}: byte ${offset}: `);
  });

  test('a file that does not exist is named by the system', () => {
    expect(readAll('/nonexistent/x.pcap').error).toMatchObject({ code: 'ENOENT', path: '/nonexistent/x.pcap' });
  });

  test('a folder cannot be read', () => {
    expect(readAll('/proc').error).toMatchObject({ code: 'capture.unreadable', file: '/proc', offset: 0 });
  });
});

test('a frame larger than the read buffer comes whole, and so does the next', () => {
  const long = '45'.repeat(262_144);
  const file = captureFile(
    `${LITTLE_HEADER} ${LITTLE_RECORD} 00000000 00000000 00000400 00000400 ${long} ${LITTLE_RECORD}`,
  );
  const { frames, error } = readAll(file);
  expect(error).toBeUndefined();
  expect(frames.map(({ number, bytes }) => [number, bytes.length])).toEqual([
    [1, 3],
    [2, 262_144],
    [3, 3],
  ]);
  expect(frames[1]?.bytes.every(byte => byte === 0x45)).toBe(true);
});

test('leaving the iteration early closes the file', () => {
  const file = captureFile(LITTLE_HEADER + LITTLE_RECORD + LITTLE_RECORD);
  for (const first of readCapture(file)) {
    expect(first.number).toBe(1);
    break;
  }
  const open = execFileSync('ls', ['-l', `/proc/${process.pid}/fd`], { encoding: 'utf8' });
  expect(open).not.toContain(file);
});

test("editcap's pcapng of a file has the same frames", () => {
  const file = captureFile(`${LITTLE_HEADER} ${LITTLE_RECORD} ${LITTLE_RECORD}`);
  const converted = newPath();
  execFileSync('editcap', ['-F', 'pcapng', file, converted]);
  expect(readAll(converted)).toEqual({ frames: [frame(1, 101, 9, 'aabbcc'), frame(2, 101, 9, 'aabbcc')] });
});

// Real captures lie beside the repository on the machines that have them.
const REAL = join(__dirname, '../../../shared/pcaps/mixed.pcap');
if (!existsSync(REAL)) process.stdout.write(`skipped, as ${REAL} is absent: its frames as tshark has them\n`);
const [onRealCaptures, reason] = existsSync(REAL) ? [test, ''] : [test.skip, ' (skipped: the file is not here)'];

onRealCaptures(`lengths are tshark's on every frame of ${REAL}${reason}`, () => {
  const listed = execFileSync(
    'tshark',
    ['-r', REAL, '-T', 'fields', '-e', 'frame.number', '-e', 'frame.cap_len', '-e', 'frame.len'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const { frames, error } = readAll(REAL);
  expect(error).toBeUndefined();
  expect(frames).toHaveLength(1885);
  expect(frames.map(f => `${f.number}\t${f.capturedLength}\t${f.originalLength}\n`).join('')).toBe(listed);
});
