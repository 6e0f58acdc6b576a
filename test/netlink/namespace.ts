// A network namespace and netlink connections in it for one test file, taken down again at its end.

import { execFileSync } from 'node:child_process';
import { native } from '../../src/native';
import { type Connection, openConnection } from '../../src/netlink/connection';
import { TIME_FACTOR } from '../time-factor';

export interface TestNamespace {
  readonly path: string;
  connect(protocol: 'netfilter' | 'route'): Connection;
  /** Standard output of a command in the namespace (setns of the network alone: pins stay visible). */
  run(...command: readonly string[]): string;
  remove(): void;
}

export function makeNamespace(purpose: string): TestNamespace {
  const name = `netlink-${purpose}-${process.pid}`;
  const path = `/run/netns/${name}`;
  const connections: Connection[] = [];
  native.createNamespace(name);
  return {
    path,
    connect(protocol) {
      const connection = openConnection({ protocol, netns: path });
      connections.push(connection);
      return connection;
    },
    run: (...command) =>
      execFileSync('nsenter', [`--net=${path}`, ...command], { encoding: 'utf8', timeout: 30_000 * TIME_FACTOR }),
    remove() {
      for (const connection of connections) connection.close();
      native.deleteNamespace(name);
    },
  };
}
