// The peers' rulesets into a namespace.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runIn } from './process';

type Install = (namespace: string, directory: string) => Promise<unknown>;

export function installNft(ruleset: string): Install {
  return async (namespace, directory) => {
    const file = join(directory, 'peer.nft');
    writeFileSync(file, ruleset);
    await runIn(namespace, 'nft', '-f', file);
  };
}

/** Each rule without table and chain: `iptables` as the system has it, in the chain that sees packets first. */
export function installIptables(rules: readonly (readonly string[])[], command = 'iptables'): Install {
  return async namespace => {
    for (const rule of rules) await runIn(namespace, command, '-t', 'raw', '-A', 'PREROUTING', ...rule);
  };
}

/** The table `ip peer` for `nft -f`, in place of one that is there: its chain has the policy's place. */
export function nftTable(rules: readonly string[], map = ''): string {
  return [
    'table ip peer',
    'delete table ip peer',
    'table ip peer {',
    map,
    'chain rules {',
    'type filter hook prerouting priority raw; policy accept;',
    ...rules,
    '}',
    '}',
    '',
  ].join('\n');
}
