// Named namespaces, with iproute2 on the other side.

import { execFileSync } from 'node:child_process';
import { existsSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';

import {
  createNamespace,
  deleteNamespace,
  listNamespaces,
  namespaceExists,
  namespacePath,
} from '../../src/netns/namespace';
import { NamespaceError } from '../../src/netns/namespace-error';

const name = `rampart-test-name-${process.pid}`;
const other = `${name}-other`;

const ipNetns = (...args: string[]) => execFileSync('ip', ['netns', ...args], { encoding: 'utf8', stdio: 'pipe' });
const seenByIp = () =>
  ipNetns('list')
    .split('\n')
    .map(line => line.split(' ')[0]);

afterEach(() => {
  for (const left of [name, other]) {
    if (namespaceExists(left)) deleteNamespace(left);
  }
});

describe('a namespace that Rampart makes', () => {
  it('is one to `ip netns`, with loopback down and nothing else in it', () => {
    createNamespace(name);
    expect(seenByIp()).toContain(name);
    const links = ipNetns('exec', name, 'ip', '-br', 'link').trim().split('\n');
    // What modules of tunnels put into every namespace is not ours: tunl0@NONE, gre0@NONE and so on.
    const ours = links.filter(link => !link.includes('@NONE'));
    expect(ours.map(link => link.split(/ +/).slice(0, 2))).toEqual([['lo', 'DOWN']]);
    expect(existsSync(`/run/netns/${name}`)).toBe(true);
  });

  it('is not the one of the process that makes it', () => {
    const before = readlinkSync('/proc/thread-self/ns/net');
    createNamespace(name);
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(before);
    expect(ipNetns('exec', name, 'readlink', '/proc/self/ns/net').trim()).not.toBe(before);
  });

  it('can be deleted by `ip netns`', () => {
    createNamespace(name);
    ipNetns('delete', name);
    expect(namespaceExists(name)).toBe(false);
  });

  it('is on a mount that other mount namespaces share', () => {
    createNamespace(name);
    expect(execFileSync('findmnt', ['-no', 'PROPAGATION', '/run/netns'], { encoding: 'utf8' })).toMatch(/^shared/);
    const seen = execFileSync('unshare', [
      '-m',
      '--propagation',
      'unchanged',
      'stat',
      '-fc',
      '%t',
      `/run/netns/${name}`,
    ]);
    expect(seen.toString().trim()).toBe('6e736673');
  });
});

describe('a namespace that `ip netns` makes', () => {
  it('is listed, exists and can be deleted', () => {
    ipNetns('add', name);
    ipNetns('add', other);
    expect(namespaceExists(name)).toBe(true);
    expect(listNamespaces().filter(listed => listed.startsWith(name))).toEqual([name, other]);
    deleteNamespace(name);
    expect(seenByIp()).not.toContain(name);
    expect(seenByIp()).toContain(other);
    expect(existsSync(`/run/netns/${name}`)).toBe(false);
  });
});

describe('a plain file in /run/netns', () => {
  it('is no namespace, and deleteNamespace removes it', () => {
    const path = namespacePath(name);
    createNamespace(other);
    writeFileSync(path, '');
    try {
      expect(namespaceExists(name)).toBe(false);
      expect(listNamespaces()).not.toContain(name);
      deleteNamespace(name);
      expect(existsSync(path)).toBe(false);
    } finally {
      rmSync(path, { force: true });
    }
  });
});

describe('a creation that fails', () => {
  it('leaves nothing behind', () => {
    // A user namespace of its own has its own limit of network namespaces: the file is made, unshare(2) is refused.
    const script = `
      require('node:fs').writeFileSync('/proc/sys/user/max_net_namespaces', '0');
      const { createNamespace } = require(process.argv[1]);
      try { createNamespace(process.argv[2]); } catch (error) { console.log(error.message); }`;
    const addon = require.resolve('../../build/Release/rampart_native.node');
    const node = [process.execPath, '-e', script, addon, name];
    const output = execFileSync('unshare', ['--user', '--mount', '--map-root-user', ...node], { encoding: 'utf8' });
    expect(output).toBe(`unshare(CLONE_NEWNET) /run/netns/${name}: No space left on device (ENOSPC)\n`);
    expect(existsSync(`/run/netns/${name}`)).toBe(false);
  });
});

describe('an error', () => {
  const failure = (call: () => void): NamespaceError => {
    try {
      call();
    } catch (error) {
      if (error instanceof NamespaceError) return error;
      throw error;
    }
    throw new Error('the call succeeded');
  };

  it('of a namespace that exists names the way to remove it', () => {
    createNamespace(name);
    const error = failure(() => createNamespace(name));
    expect(error.code).toBe('EEXIST');
    expect(error.message).toBe(
      `cannot create network namespace ${name}: it exists already; \`ip netns delete ${name}\` removes it`,
    );
    expect(namespaceExists(name)).toBe(true);
  });

  it('of a namespace that does not exist names the way to make it, and those there are', () => {
    createNamespace(other);
    const error = failure(() => deleteNamespace(name));
    expect(error.code).toBe('ENOENT');
    expect(error.object).toBe(name);
    expect(error.message).toContain(`cannot delete network namespace ${name}: it does not exist; `);
    expect(error.cure).toContain(`\`ip netns add ${name}\` makes it; there are: `);
    expect(error.cure).toContain(other);
    expect(error.cause).toMatchObject({ syscall: 'umount2', errno: 2 });
  });

  it.each(['', '.', '..', 'a/b', '../a', 'nul\0', 'x'.repeat(256), 'é'.repeat(128)])('refuses the name %j', bad => {
    for (const call of [createNamespace, deleteNamespace, namespaceExists, namespacePath]) {
      expect(failure(() => call(bad))).toMatchObject({
        code: 'EINVAL',
        cure: "take 1 to 255 bytes without '/', and not '.' or '..'",
      });
    }
  });

  it('of a name of 255 bytes is none', () => {
    const longest = `${name}-`.padEnd(255, 'x');
    createNamespace(longest);
    expect(namespaceExists(longest)).toBe(true);
    deleteNamespace(longest);
    expect(namespaceExists(longest)).toBe(false);
  });
});
