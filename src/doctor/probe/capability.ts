// The process's effective capabilities (capabilities(7)), from /proc/self/status.

import { readFileSync } from 'node:fs';
import { type Ask, type Finding, no, yes } from '../probe';

export function askCapability(bit: number): Ask {
  return () => judgeCapability(readFileSync('/proc/self/status', 'utf8'), bit);
}

export function judgeCapability(status: string, bit: number): Finding {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined) return { answer: 'could not tell', detail: '/proc/self/status has no CapEff' };
  const held = (BigInt(`0x${effective}`) >> BigInt(bit)) & 1n;
  return (held === 1n ? yes : no)(`CapEff ${effective}`);
}
