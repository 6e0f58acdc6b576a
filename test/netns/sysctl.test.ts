// Network settings of one namespace, read back by sysctl(8) inside it.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { readSysctl, writeSysctl } from '../../src/netns/sysctl';
import { ownNamespace } from './own-namespace';

const name = ownNamespace('sysctl');
const sysctl = (key: string) => execFileSync('ip', ['netns', 'exec', name, 'sysctl', '-n', key], { encoding: 'utf8' });

describe('a network setting', () => {
  it('is written in the namespace and nowhere else', () => {
    const ours = readFileSync('/proc/sys/net/ipv4/ip_default_ttl', 'latin1');
    writeSysctl(name, 'net/ipv4/ip_default_ttl', '77');
    expect(sysctl('net.ipv4.ip_default_ttl')).toBe('77\n');
    expect(readFileSync('/proc/sys/net/ipv4/ip_default_ttl', 'latin1')).toBe(ours);
  });

  it('is read as the namespace has it', () => {
    execFileSync('ip', ['netns', 'exec', name, 'sysctl', '-qw', 'net.ipv4.ip_local_port_range=2000 3000']);
    expect(readSysctl(name, 'net/ipv4/ip_local_port_range')).toBe('2000\t3000');
  });

  it.each<[string, string, string, string, string]>([
    [
      'in a namespace that does not exist',
      'rampart-none',
      'net/ipv4/ip_forward',
      'ENOENT',
      'cannot open net/ipv4/ip_forward of network namespace rampart-none: it does not exist; `ip netns add rampart-none`',
    ],
    [
      'that does not exist',
      name,
      'net/ipv4/none',
      'ENOENT',
      `cannot open net/ipv4/none of network namespace ${name}: /proc/sys/net/ipv4/none does not exist there`,
    ],
    ['outside net/', name, 'kernel/hostname', 'EINVAL', "'kernel/hostname' is no network setting: write the path"],
    ['that climbs out', name, 'net/../kernel/hostname', 'EINVAL', "'net/../kernel/hostname' is no network setting"],
    ['with a value that it does not take', name, 'net/ipv4/ip_forward', 'EINVAL', 'cannot set net/ipv4/ip_forward of '],
  ])('%s is an error that says so', (_, namespace, key, code, message) => {
    expect(() => writeSysctl(namespace, key, 'no number')).toThrow(expect.objectContaining({ code }));
    expect(() => writeSysctl(namespace, key, 'no number')).toThrow(message);
  });
});
