// The general cures, for failures that an operation has none of its own for.

import { NamespaceError, withCure } from '../../src/netns/namespace-error';

function nativeError(code: string, syscall: string, object: string): Error {
  return Object.assign(new Error(`${syscall} ${object}: text (${code})`), { code, errno: 1, syscall, object });
}

function cured(error: Error): unknown {
  try {
    withCure(
      'enter network namespace blue',
      'blue',
      () => undefined,
      () => {
        throw error;
      },
    );
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe('a failure in a namespace', () => {
  it.each([
    ['EPERM', 'setns', '/run/netns/blue', 'setns /run/netns/blue needs CAP_SYS_ADMIN'],
    ['EPERM', 'unshare(CLONE_NEWNET)', '/run/netns/blue', 'unshare(CLONE_NEWNET) /run/netns/blue needs CAP_SYS_ADMIN'],
    ['EPERM', 'mount(MS_SHARED)', '/run/netns', 'mount(MS_SHARED) /run/netns needs CAP_SYS_ADMIN'],
    ['EPERM', 'socket', 'domain 17 protocol 0', 'socket domain 17 protocol 0 needs CAP_NET_RAW'],
    ['EACCES', 'open', '/proc/sys/net/ipv4/ip_forward', 'open /proc/sys/net/ipv4/ip_forward needs CAP_NET_ADMIN'],
    [
      'EMFILE',
      'open',
      '/run/netns/blue',
      'no file descriptor is left; raise LimitNOFILE of the service, or fs.file-max',
    ],
    ['EIO', 'open', '/run/netns/blue', 'open /run/netns/blue: text (EIO)'],
  ])('%s of %s %s has a cure', (code, syscall, object, cure) => {
    const cause = nativeError(code, syscall, object);
    const error = cured(cause);
    expect(error).toBeInstanceOf(NamespaceError);
    expect(error).toMatchObject({ name: 'NamespaceError', code, object: 'blue', cure, cause });
    expect(error).toHaveProperty('message', `cannot enter network namespace blue: ${cure}`);
  });

  it('that is a mistake of the program passes as it is', () => {
    const mistake = new TypeError('name must be a string');
    expect(cured(mistake)).toBe(mistake);
  });
});
