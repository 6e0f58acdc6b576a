// What another document says otherwise of an account's network, piece by piece, in the words of the log: links, tunnels,
// addresses, neighbours, routes, settings, and what packets meet on their way besides the rules.

import { type Account, networkParts, type Tunnel } from '../account/account';
import { printAddress } from '../net/address';
import { type Names, namespaceName } from '../network/names';
import { type NetworkPlan, networkPlan } from '../network/plan';
import { type LayerStep, placeWords, type Side, stepWords } from '../network/step';

export interface NetworkDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly before: string; readonly after: string }[];
  readonly unchanged: number;
}

/** What it is, and all that is said of it. */
type Piece = readonly [identity: string, words: string];

/** `before` undefined: the account is new. Documents without a network have rules in a namespace, and are not compared. */
export function networkDifference(before: Account | undefined, after: Account, names: Names): NetworkDifference {
  const both = [...(before === undefined ? [] : [before]), after];
  if (both.every(account => networkParts(account).length === 0))
    return { added: [], removed: [], changed: [], unchanged: 0 };
  const old = new Map(before === undefined ? [] : pieces(before, names));
  const next = new Map(pieces(after, names));
  const pairs = [...next].flatMap(([identity, words]) => {
    const was = old.get(identity);
    return was === undefined ? [] : [{ before: was, after: words }];
  });
  const changed = pairs.filter(pair => pair.before !== pair.after);
  return {
    added: [...next].flatMap(([identity, words]) => (old.has(identity) ? [] : [words])),
    removed: [...old].flatMap(([identity, words]) => (next.has(identity) ? [] : [words])),
    changed,
    unchanged: pairs.length - changed.length,
  };
}

/** All tunnels taken as healthy. */
function pieces(account: Account, names: Names): readonly Piece[] {
  const plan = networkPlan(account, names, new Map());
  const { uplink } = plan;
  return [
    ['namespace', namespaceWords(account, names)],
    ...(uplink === undefined ? [] : [['uplink', stepWords({ kind: 'make-uplink', uplink })] as const]),
    ...account.tunnels.flatMap(tunnelPieces),
    ...sidePieces('inside', plan),
    ...sidePieces('outside', plan),
    ...plan.clamps.map(
      ({ link, family, segment }): Piece => [
        `mss ${link} ${family}`,
        `TCP segments of IPv${family} by ${link}: ${segment} bytes at most`,
      ],
    ),
    ...(plan.unforwarded.length === 0 ? [] : [['return', 'what comes out of tunnels is not forwarded'] as const]),
  ];
}

function namespaceWords({ account, namespace }: Account, names: Names): string {
  switch (namespace.kind) {
    case 'own':
      return `namespace ${namespaceName(names, account)}`;
    case 'existing':
      return `namespace ${namespace.name}, which others made`;
    case 'host':
      return 'namespace of the host';
  }
}

function tunnelPieces(tunnel: Tunnel): readonly Piece[] {
  const { name, kind, local, remote, ttl, mtu, health } = tunnel;
  const key = tunnel.kind === 'ipip' || tunnel.key === undefined ? '' : ` key ${tunnel.key}`;
  const port = tunnel.kind === 'vxlan' ? ` port ${tunnel.port}` : '';
  const ends = `${printAddress(local)} to ${printAddress(remote)}`;
  const link: Piece = [`tunnel ${name}`, `tunnel ${name} (${kind}) ${ends}${key}${port} ttl ${ttl} mtu ${mtu}`];
  if (health === undefined) return [link];
  const { rate, type, target, direction } = health;
  const to = target === undefined ? '' : ` to ${printAddress(target)}`;
  return [link, [`health ${name}`, `probes of ${name}: rate ${rate}, ${type}${to}, ${direction}`]];
}

function sidePieces(side: Side, plan: NetworkPlan): readonly Piece[] {
  const { settings, addresses, neighbours, routes } = plan[side];
  const where = placeWords(side);
  const all: readonly (readonly [string, LayerStep])[] = [
    ...settings.map(setting => [`setting ${setting.key}`, { kind: 'write-setting', side, setting }] as const),
    ...addresses.map(address => {
      const step = { kind: 'add-address', side, address } as const;
      return [stepWords(step), step] as const;
    }),
    ...neighbours.map(neighbour => {
      const step = { kind: 'set-neighbour', side, neighbour } as const;
      return [stepWords(step), step] as const;
    }),
    ...routes.map(route => {
      const { network, length } = route.prefix;
      const identity = `route ${printAddress(network)}/${length} ${route.priority}`;
      return [identity, { kind: 'add-route', side, route }] as const;
    }),
  ];
  return all.map(([identity, step]) => [`${identity}${where}`, stepWords(step)]);
}
