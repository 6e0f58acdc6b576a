// Reads and writes the network settings of one namespace (undefined: the process's own), as does `ip netns exec NAME
// sysctl net.ipv4.ip_forward=1`. The kernel decides whose setting a file is when the file is opened, so that alone happens
// inside the namespace.

import { closeSync, constants, readFileSync, writeSync } from 'node:fs';

import { native } from '../native';
import { missing, namespacePath } from './namespace';
import { NamespaceError, withCure } from './namespace-error';

/** `key` in the spelling of the path below /proc/sys: 'net/ipv4/ip_forward'. Returns the text without the newline. */
export function readSysctl(namespace: string | undefined, key: string): string {
  const fd = openSetting(namespace, key, constants.O_RDONLY);
  try {
    return readFileSync(fd, 'latin1').trimEnd();
  } catch (cause) {
    // Its device may go between opening and reading.
    const place = { code: codeOf(cause), object: key, cure: 'its device has just gone; read again' };
    throw new NamespaceError(`cannot read ${key} of ${inWords(namespace)}`, place, cause);
  } finally {
    closeSync(fd);
  }
}

export function writeSysctl(namespace: string | undefined, key: string, value: string): void {
  const fd = openSetting(namespace, key, constants.O_WRONLY);
  try {
    writeSync(fd, value);
  } catch (cause) {
    throw refusedValue(namespace, key, value, cause);
  } finally {
    closeSync(fd);
  }
}

function openSetting(namespace: string | undefined, key: string, flags: number): number {
  const netns = namespace === undefined ? undefined : namespacePath(namespace);
  requireKey(key);
  const path = `/proc/sys/${key}`;
  return withCure(
    `open ${key} of ${inWords(namespace)}`,
    key,
    ({ code, object }) => {
      if (code !== 'ENOENT') return undefined;
      return namespace !== undefined && object === netns
        ? missing(namespace)
        : `${path} does not exist there; has its device or module gone?`;
    },
    () => native.openFileInNetns(netns, path, flags),
  );
}

function refusedValue(namespace: string | undefined, key: string, value: string, cause: unknown): NamespaceError {
  const code = codeOf(cause);
  const cure = code === 'EINVAL' ? 'the kernel does not take this value for this setting' : `the kernel says ${code}`;
  return new NamespaceError(
    `cannot set ${key} of ${inWords(namespace)} to '${value}'`,
    { code, object: key, cure },
    cause,
  );
}

function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
}

function inWords(namespace: string | undefined): string {
  return namespace === undefined ? 'this network namespace' : `network namespace ${namespace}`;
}

function requireKey(key: string): void {
  if (/^net(\/[^/\0]+)+$/.test(key) && !key.split('/').includes('..')) return;
  throw new NamespaceError(`'${key}' is no network setting`, {
    code: 'EINVAL',
    object: key,
    cure: "write the path below /proc/sys, beginning with 'net/', such as net/ipv4/ip_forward",
  });
}
