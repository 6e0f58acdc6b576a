// Named network namespaces as iproute2 keeps them: a bind mount of the namespace on /run/netns/NAME, so `ip netns` and
// nsenter see ours and we see theirs. Loopback of a new one is down, as after `ip netns add`.

import { existsSync, readdirSync } from 'node:fs';

import { isNativeError, native } from '../native';
import { NamespaceError, withCure } from './namespace-error';

const DIRECTORY = '/run/netns';

/** include/uapi/linux/magic.h; a plain file that a failed creation left has another. */
const NSFS_MAGIC = 0x6e736673;

/** Where the namespace of that name is, or would be. Throws on what cannot be a file name. */
export function namespacePath(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes >= 1 && bytes <= 255 && name !== '.' && name !== '..' && !/[/\0]/.test(name)) return `${DIRECTORY}/${name}`;
  throw new NamespaceError(`'${name}' is no name of a network namespace`, {
    code: 'EINVAL',
    object: name,
    cure: "take 1 to 255 bytes without '/', and not '.' or '..'",
  });
}

/** `ip netns add NAME`. Leaves nothing behind where it fails. */
export function createNamespace(name: string): void {
  namespacePath(name);
  withCure(
    `create network namespace ${name}`,
    name,
    ({ code }) => (code === 'EEXIST' ? `it exists already; \`ip netns delete ${name}\` removes it` : undefined),
    () => native.createNamespace(name),
  );
}

/** `ip netns delete NAME`. The kernel takes it down once no process, socket or descriptor is in it. */
export function deleteNamespace(name: string): void {
  namespacePath(name);
  withCure(
    `delete network namespace ${name}`,
    name,
    ({ code }) => (code === 'ENOENT' ? missing(name) : undefined),
    () => native.deleteNamespace(name),
  );
}

export function namespaceExists(name: string): boolean {
  return isNamespace(namespacePath(name));
}

/** The names, sorted. */
export function listNamespaces(): string[] {
  if (!existsSync(DIRECTORY)) return [];
  return readdirSync(DIRECTORY)
    .filter(name => isNamespace(`${DIRECTORY}/${name}`))
    .sort();
}

const MOST_NAMES = 20;

/** The cure for a name that is not there: how to make it, and what there is. */
export function missing(name: string): string {
  const names = likeliest(listNamespaces(), name);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const existing =
    names.length === 0 ? 'there is none yet' : `there are: ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
  return `it does not exist; \`ip netns add ${name}\` makes it; ${existing}`;
}

/** Those that begin as the missing one does come first. */
function likeliest(names: readonly string[], missingName: string): string[] {
  const inCommon = (name: string) => {
    const differs = [...missingName].findIndex((letter, index) => letter !== name[index]);
    return differs === -1 ? missingName.length : differs;
  };
  return [...names].sort((a, b) => inCommon(b) - inCommon(a));
}

function isNamespace(path: string): boolean {
  try {
    return native.filesystemMagic(path) === NSFS_MAGIC;
  } catch (error) {
    if (isNativeError(error) && error.code === 'ENOENT') return false;
    throw error;
  }
}
