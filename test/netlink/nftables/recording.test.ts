// nft itself, traced while it sends, against our encoder: the recorded bytes are not a memory of another machine.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { native } from '../../../src/native';
import { encodeBatch } from '../../../src/netlink/nftables/batch';
import { messagesText } from './messages-text';
import { RECORDED } from './recorded-cases';

const version = spawnSync('nft', ['--version'], { encoding: 'utf8' }).stdout ?? '';
const traceable = spawnSync('strace', ['--version']).status === 0;
const recordable = version.includes('v1.0.6') && traceable;
const why = recordable ? '' : ` (skipped: needs strace and nft 1.0.6, found ${version.trim() || 'no nft'})`;

/** What the rules below refer to. */
const SETUP = `
add table ip t
add chain ip t c
add chain ip t r
add set ip t s { type ipv4_addr; flags interval; }
add map ip t v { type ipv4_addr . inet_service : verdict; counter; }
add element ip t s { 9.0.0.0/8 }
`;

const COMMANDS = [
  'add rule ip t c ip saddr 10.0.0.1 counter drop comment "a"',
  'add rule ip t c ip saddr 10.0.0.0/9 return',
  'add rule ip t c tcp dport 80-90 jump r',
  'add rule ip t c tcp dport != 80-90 goto r',
  'add rule ip t c ip saddr @s drop',
  'add rule ip t c meta length > 5 drop',
  'add rule ip t c meta l4proto tcp ip saddr . th dport vmap @v',
  'add rule ip t c meta mark set 7',
  'add rule ip t c log prefix "x" group 5 snaplen 64 queue-threshold 10',
  'add rule ip t c tcp option maxseg size 1000 drop',
  'add rule ip t c tcp option maxseg size set 1400',
  'add map ip t m { type inet_service : verdict; }',
  'add map ip t v { type ipv4_addr . inet_service : verdict; counter; }',
  'add element ip t v { 10.0.0.1 . 80 comment "a" : drop }',
  'add element ip t s { 11.0.0.0/8, 1.0.0.0-1.0.0.5 }',
];

(recordable ? describe : describe.skip)(`what nft sends now is what we send${why}`, () => {
  const netns = `netlink-recording-${process.pid}`;
  const directory = mkdtempSync(join(tmpdir(), 'rampart-recording-'));

  beforeAll(() => {
    native.createNamespace(netns);
    execFileSync('nsenter', [`--net=/run/netns/${netns}`, 'nft', '-f', '-'], { input: SETUP });
  });

  afterAll(() => {
    native.deleteNamespace(netns);
    rmSync(directory, { recursive: true });
  });

  test.each(COMMANDS)('nft -c %s', command => {
    const recorded = RECORDED.find(each => each.command === command);
    expect(recorded).toBeDefined();
    const { bytes, end } = encodeBatch(recorded?.operations ?? []);
    expect(withoutSetIds(sentByNft(command))).toBe(withoutSetIds(messagesText(bytes.subarray(20, end))));
  });

  /** Checking (-c) leaves BATCH_END out and sends the rest. */
  function sentByNft(command: string): string {
    const trace = join(directory, 'trace');
    const strace = ['strace', '-o', trace, '-e', 'trace=sendmsg', '-e', 'write=all', '-s', '0'];
    execFileSync('nsenter', [`--net=/run/netns/${netns}`, ...strace, 'nft', '-c', command], { timeout: 10_000 });
    const dump = [...readFileSync(trace, 'utf8').matchAll(/^ \| [0-9a-f]{5} {2}(.{48})/gm)]
      .map(line => line[1])
      .join(' ');
    return newMessages(Uint8Array.from(Buffer.from(dump.replaceAll(' ', ''), 'hex')));
  }
});

/** Only NEW messages: before them nft reads the ruleset, and a batch has its edges. */
function newMessages(sent: Uint8Array): string {
  const kept: Uint8Array[] = [];
  const view = new DataView(sent.buffer);
  for (let offset = 0; offset < sent.length; offset += view.getUint32(offset, true)) {
    if (NEW.has(view.getUint16(offset + 4, true)))
      kept.push(sent.subarray(offset, offset + view.getUint32(offset, true)));
  }
  return messagesText(Uint8Array.from(Buffer.concat(kept)));
}

/** NFT_MSG_NEWTABLE, CHAIN, RULE, SET, SETELEM. */
const NEW = new Set([0xa00, 0xa03, 0xa06, 0xa09, 0xa0c]);

/** nft numbers the sets it knows: the number depends on what else the table holds. */
function withoutSetIds(text: string): string {
  return text.replaceAll(/(08000400|08000a00)000000[0-9a-f]{2}/g, '$1');
}
