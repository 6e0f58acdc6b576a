// What a user is told when a socket cannot be opened in a namespace; what works is in test/native/socket.test.ts.

import { rmSync, writeFileSync } from 'node:fs';

import { namespacePath } from '../../src/netns/namespace';
import { openSocketIn } from '../../src/netns/socket';
import { ownNamespace } from './own-namespace';

const name = ownNamespace('open');
const NETLINK_ROUTE = { domain: 16, type: 3, protocol: 0 };

describe('a socket in a named namespace', () => {
  it('opens', () => {
    const socket = openSocketIn(name, NETLINK_ROUTE);
    socket.bindNetlink(0, 0);
    expect(socket.portId).toBeGreaterThan(0);
    socket.close();
  });

  it('is refused with the names that there are, where there is none of that name', () => {
    expect(() => openSocketIn(`${name}-none`, NETLINK_ROUTE)).toThrow(
      expect.objectContaining({
        code: 'ENOENT',
        object: `${name}-none`,
        cure: expect.stringMatching(`^it does not exist; \`ip netns add ${name}-none\` makes it; there are: .*${name}`),
      }),
    );
  });

  it('is refused where a plain file has the name', () => {
    const path = namespacePath(`${name}-file`);
    writeFileSync(path, '');
    try {
      expect(() => openSocketIn(`${name}-file`, NETLINK_ROUTE)).toThrow(
        `cannot open a socket in network namespace ${name}-file: ${path} is no network namespace; delete the file`,
      );
    } finally {
      rmSync(path);
    }
  });

  it('is refused with what the kernel says, where the protocol does not exist', () => {
    expect(() => openSocketIn(name, { ...NETLINK_ROUTE, protocol: 31 })).toThrow(
      `cannot open a socket in network namespace ${name}: ` +
        'socket domain 16 protocol 31: Protocol not supported (EPROTONOSUPPORT)',
    );
  });
});
