// Tunnels of every kind: our bytes, what `ip` reads of the devices that they make, and what our decoders read.

import { spawnSync } from 'node:child_process';
import { type Address, parseAddress } from '../../../src/net/address';
import { AttributeWriter } from '../../../src/netlink/attribute-writer';
import type { Connection } from '../../../src/netlink/connection';
import { createTunnel, decodeLink, deleteLink, getLink, type Link, renameLink } from '../../../src/netlink/route/link';
import { encodeTunnel, type Tunnel } from '../../../src/netlink/route/link-kind/tunnel';
import type { TestNamespace } from '../namespace';
import { hostAndAccount } from './host-and-account';

function ip(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

const OVER4 = { local: ip('192.0.2.1'), remote: ip('198.51.100.7') };
const OVER6 = { local: ip('2001:db8::1'), remote: ip('2001:db8::7') };

interface Case {
  readonly command: string;
  readonly tunnel: Tunnel;
  /** Of the attributes that iproute2 6.1 puts into IFLA_INFO_DATA those that are not the kernel's default. */
  readonly sent: string;
  /** What `ip -details -json link` must say, among other things. */
  readonly listed: Readonly<Record<string, unknown>>;
}

const CASES: readonly Case[] = [
  {
    command: 'gre local 192.0.2.1 remote 198.51.100.7 key 42 ttl 64',
    tunnel: { kind: 'gre', ...OVER4, inputKey: 42, outputKey: 42, ttl: 64, pmtudisc: true },
    sent: `
      08000400 0000002a 08000500 0000002a 06000200 20000000 06000300 20000000
      08000600 c0000201 08000700 c6336407 05000a00 01000000 05000800 40000000
    `,
    listed: { local: '192.0.2.1', remote: '198.51.100.7', ttl: 64, pmtudisc: true, ikey: '0.0.0.42', okey: '0.0.0.42' },
  },
  {
    command: 'gre local 192.0.2.1 remote 198.51.100.7 nopmtudisc',
    tunnel: { kind: 'gre', ...OVER4, ttl: 0, pmtudisc: false },
    sent: `
      06000200 00000000 06000300 00000000
      08000600 c0000201 08000700 c6336407 05000a00 00000000 05000800 00000000
    `,
    listed: { local: '192.0.2.1', remote: '198.51.100.7', ttl: 0, pmtudisc: false },
  },
  {
    command: 'ip6gre local 2001:db8::1 remote 2001:db8::7 ikey 42 okey 43 hoplimit 64 encaplimit none',
    tunnel: { kind: 'ip6gre', ...OVER6, inputKey: 42, outputKey: 43, ttl: 64 },
    sent: `
      08000400 0000002a 08000500 0000002b 06000200 20000000 06000300 20000000
      14000600 20010db8 00000000 00000000 00000001 14000700 20010db8 00000000 00000000 00000007
      05000800 40000000 08000d00 01000000
    `,
    listed: { local: '2001:db8::1', remote: '2001:db8::7', ttl: 64, ikey: '0.0.0.42', okey: '0.0.0.43' },
  },
  {
    command: 'ipip mode ipip local 192.0.2.1 remote 198.51.100.7 ttl 64',
    tunnel: { kind: 'ipip', ...OVER4, ttl: 64, pmtudisc: true },
    sent: '05000900 04000000 08000200 c0000201 08000300 c6336407 05000a00 01000000 05000400 40000000',
    listed: { proto: 'ipip', local: '192.0.2.1', remote: '198.51.100.7', ttl: 64, pmtudisc: true },
  },
  {
    command: 'sit mode any local 192.0.2.1 remote 198.51.100.7 ttl 1',
    tunnel: { kind: 'sit', ...OVER4, ttl: 1, pmtudisc: true },
    sent: '05000900 00000000 08000200 c0000201 08000300 c6336407 05000a00 01000000 05000400 01000000',
    listed: { proto: 'any', local: '192.0.2.1', remote: '198.51.100.7', ttl: 1, pmtudisc: true },
  },
  {
    command: 'ip6tnl mode any local 2001:db8::1 remote 2001:db8::7 hoplimit 255 encaplimit none',
    tunnel: { kind: 'ip6tnl', ...OVER6, ttl: 255 },
    sent: `
      05000900 00000000
      14000200 20010db8 00000000 00000000 00000001 14000300 20010db8 00000000 00000000 00000007
      05000400 ff000000 08000800 01000000
    `,
    listed: { proto: 'any', local: '2001:db8::1', remote: '2001:db8::7', ttl: 255, ip6_tnl_f_ign_encap_limit: true },
  },
  {
    command: 'vxlan id 42 local 192.0.2.1 remote 198.51.100.7 dstport 4789 ttl 64 nolearning',
    tunnel: { kind: 'vxlan', id: 42, ...OVER4, port: 4789, ttl: 64 },
    sent: '05000500 40000000 08000100 2a000000 08000400 c0000201 08000200 c6336407 05000700 00000000 06000f00 12b50000',
    listed: { id: 42, local: '192.0.2.1', remote: '198.51.100.7', port: 4789, ttl: 64, learning: false },
  },
  {
    command: 'vxlan id 16777215 local 2001:db8::1 remote 2001:db8::7 dstport 4790 ttl 255 nolearning',
    tunnel: { kind: 'vxlan', id: 16777215, ...OVER6, port: 4790, ttl: 255 },
    sent: `
      05000500 ff000000 08000100 ffffff00
      14001100 20010db8 00000000 00000000 00000001 14001000 20010db8 00000000 00000000 00000007
      05000700 00000000 06000f00 12b60000
    `,
    listed: { id: 16777215, local6: '2001:db8::1', remote6: '2001:db8::7', port: 4790, ttl: 255, learning: false },
  },
];

test.each(CASES.map(({ command, ...rest }) => [command, rest] as const))(
  'our attributes are those of iproute2: %s',
  (_, { tunnel, sent }) => {
    const writer = new AttributeWriter();
    encodeTunnel(writer, tunnel);
    expect(Buffer.from(writer.written()).toString('hex')).toBe(sent.replaceAll(/\s/g, ''));
  },
);

/** Whether the kernel can make one, by making one. */
function kernelHas(command: string): boolean {
  return (
    spawnSync('unshare', ['--net', 'ip', 'link', 'add', 'name', 'probe', 'type', ...command.split(' ')]).status === 0
  );
}

const HERE = CASES.filter(({ command }) => kernelHas(command));
const MISSING = CASES.filter(each => !HERE.includes(each));

for (const { command } of MISSING) test.skip(`${command} (skipped: this kernel has no such device)`, () => undefined);

describe('a tunnel made in the host’s namespace', () => {
  let inside: TestNamespace;
  let host: Connection;
  let account: Connection;
  let insideFd: number;

  hostAndAccount('tunnel', made => {
    ({ inside, host, account, insideFd } = made);
  });

  async function read(connection: Connection, name: string): Promise<Link> {
    const [message] = await connection.request(getLink({ name }));
    if (message === undefined) throw new Error(`${name} is not listed`);
    return decodeLink(message);
  }

  function listed(name: string): unknown {
    const [link] = JSON.parse(inside.run('ip', '-details', '-json', 'link', 'show', name));
    return link.linkinfo;
  }

  test.each(HERE.map(({ command, ...rest }) => [command, rest] as const))(
    'is moved, named and up in one message, and read as it was written: %s',
    async (_, { tunnel, listed: expected }) => {
      await host.request(createTunnel({ name: 'rp1', mtu: 1400, tunnel }));
      const { index } = await read(host, 'rp1');
      const alias = 'rampart realm=r account=a link=fra1';
      await host.request(renameLink(index, { name: 'fra1', netns: insideFd, alias, up: true }));
      await expect(host.request(getLink({ name: 'rp1' }))).rejects.toMatchObject({ code: 'ENODEV' });

      expect(await read(account, 'fra1')).toMatchObject({
        name: 'fra1',
        kind: tunnel.kind,
        tunnel,
        alias,
        mtu: 1400,
        up: true,
        linkNetnsId: 0,
      });
      expect(listed('fra1')).toMatchObject({ info_kind: tunnel.kind, info_data: expected });
      await account.request(deleteLink({ name: 'fra1' }));
    },
  );

  test.each([
    ['gre local 192.0.2.1 remote 198.51.100.7 ttl 64 csum'],
    ['gre local 192.0.2.1 remote 198.51.100.7 ttl 64 tos 4'],
    ['gre external'],
    ['ip6gre local 2001:db8::1 remote 2001:db8::7 encaplimit 3'],
    ['ip6tnl mode ip6ip6 local 2001:db8::1 remote 2001:db8::7 encaplimit none'],
    ['sit mode ip6ip local 192.0.2.1 remote 198.51.100.7'],
    ['vxlan id 42 local 192.0.2.1 remote 198.51.100.7 dstport 4789 learning'],
    ['vxlan id 42 local 192.0.2.1 dstport 4789 nolearning'],
    ['vxlan external dstport 4789'],
  ])('with settings that are not ours is none of our tunnels: %s', async command => {
    const made = spawnSync('nsenter', [
      `--net=${inside.path}`,
      ...['ip', 'link', 'add', 'name', 'other', 'type', ...command.split(' ')],
    ]);
    if (made.status !== 0) {
      expect(made.stderr.toString()).toMatch(/Unknown device type|not supported/);
      return;
    }
    const link = await read(account, 'other');
    expect(link.kind).toBe(command.split(' ')[0]);
    expect(link.tunnel).toBeUndefined();
    await account.request(deleteLink({ name: 'other' }));
  });
});
