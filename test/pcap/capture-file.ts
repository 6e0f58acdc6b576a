// Capture files for the tests, spelled as hex with spaces for readability, in a folder that each test file removes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), `rampart-pcap-${process.pid}-`));
let count = 0;

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s+/g, ''), 'hex'));
}

export function captureFile(hex: string): string {
  const path = join(folder, `${++count}.pcap`);
  writeFileSync(path, bytesOf(hex));
  return path;
}

export function newPath(): string {
  return join(folder, `${++count}.out`);
}

export function removeCaptureFiles(): void {
  rmSync(folder, { recursive: true });
}
