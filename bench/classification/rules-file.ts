// Rulesets of the packet classification benchmark ClassBench, one rule a line:
//
//   @SOURCE/LENGTH  DESTINATION/LENGTH  LOW : HIGH  LOW : HIGH  PROTOCOL/MASK  FLAGS/MASK
//
// with ports of source and destination. The high byte of the flags are TCP's flags or ICMP's type, the low one ICMP's
// code. Bits outside a mask say nothing.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Both ends included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A packet's value matches where it equals `value` in the bits of `mask`. */
export interface Masked {
  readonly value: number;
  readonly mask: number;
}

export interface RangeRule {
  readonly source: Network;
  readonly destination: Network;
  readonly sourcePorts: Range;
  readonly destinationPorts: Range;
  readonly protocol: Masked;
  readonly flags: Masked;
}

/** IPv4. Host bits are cleared. */
export interface Network extends Range {
  readonly length: number;
}

export class RulesFileError extends Error {
  override readonly name = 'RulesFileError';

  /** Line 0 is the file as a whole. */
  constructor(file: string, line: number, problem: string) {
    super(line === 0 ? `${file}: ${problem}` : `${file}:${line}: ${problem}`);
  }
}

export const ALL_PORTS: Range = { low: 0, high: 65535 };

/** Gunzipped where it is compressed. Throws RulesFileError at the first line that is no rule, and for what cannot be read. */
export function readRulesFile(file: string): readonly RangeRule[] {
  return parseRules(readText(file), file);
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isCompressed ? gunzipSync(bytes) : bytes).toString('latin1');
  } catch (error) {
    throw new RulesFileError(file, 0, error instanceof Error ? error.message : String(error));
  }
}

/** Empty lines and lines that begin with # are none. */
export function parseRules(text: string, file: string): readonly RangeRule[] {
  return text.split('\n').flatMap((line, position) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const rule = parseRule(line);
    if (typeof rule === 'string') throw new RulesFileError(file, position + 1, rule);
    return [rule];
  });
}

const RULE =
  /^@(\S+)\s+(\S+)\s+([0-9]+)\s*:\s*([0-9]+)\s+([0-9]+)\s*:\s*([0-9]+)\s+(0x[0-9a-f]+)\/(0x[0-9a-f]+)(?:\s+(0x[0-9a-f]+)\/(0x[0-9a-f]+))?\s*$/i;

/** Or what is wrong with it. Without the last column, as older files are, there are no flags. */
function parseRule(line: string): RangeRule | string {
  const fields = RULE.exec(line);
  if (fields === null) return 'is not @SOURCE/LENGTH DESTINATION/LENGTH LOW : HIGH LOW : HIGH PROTOCOL/MASK FLAGS/MASK';
  const source = parseNetwork(fields[1] as string);
  const destination = parseNetwork(fields[2] as string);
  if (source === undefined || destination === undefined) {
    return `${source === undefined ? fields[1] : fields[2]} is no IPv4 network`;
  }
  const [low, high, lowDestination, highDestination] = fields.slice(3, 7).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (low > high || high > 0xffff) return `${low} : ${high} is no range of ports`;
  if (lowDestination > highDestination || highDestination > 0xffff) {
    return `${lowDestination} : ${highDestination} is no range of ports`;
  }
  const protocol = masked(fields[7] as string, fields[8] as string);
  if (protocol.mask > 0xff) return `${fields[8]} is no mask of a protocol number`;
  const flags = masked(fields[9] ?? '0x0', fields[10] ?? '0x0');
  if (flags.mask > 0xffff) return `${fields[10]} is no mask of 16 flags`;
  const destinationPorts = { low: lowDestination, high: highDestination };
  return { source, destination, sourcePorts: { low, high }, destinationPorts, protocol, flags };
}

function masked(value: string, mask: string): Masked {
  return { value: (Number(value) & Number(mask)) >>> 0, mask: Number(mask) };
}

function parseNetwork(text: string): Network | undefined {
  const [, ...numbers] = /^([0-9]+)\.([0-9]+)\.([0-9]+)\.([0-9]+)\/([0-9]+)$/.exec(text) ?? [];
  const length = Number(numbers[4]);
  const bytes = numbers.slice(0, 4).map(Number);
  if (numbers.length !== 5 || length > 32 || bytes.some(byte => byte > 255)) return undefined;
  const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - length);
  const low = Math.floor(address / size) * size;
  return { low, high: low + size - 1, length };
}
