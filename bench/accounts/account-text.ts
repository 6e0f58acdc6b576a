// The document of an account of the benchmark: a prefix that the host routes to it, and rules as people have them.

const SKIP = { action: 'skip', action_parameters: { ruleset: 'current' } } as const;

/** `changed`: one rule has another port. */
export function accountText(number: number, account: string, rules: number, changed: boolean): string {
  const prefix = `10.${200 + (number >>> 16)}.${(number >>> 8) & 255}.${number & 255}/32`;
  const written = Array.from({ length: rules }, (_, position) => ({
    ref: `r${position + 1}`,
    ...(position % 4 === 3 ? SKIP : { action: 'block' }),
    expression: expression(number, position, changed && position === rules >>> 1),
  }));
  return JSON.stringify({ account, prefixes: [prefix], rules: written });
}

function expression(number: number, position: number, changed: boolean): string {
  const port = 1000 + ((number * 31 + position) % 60_000) + (changed ? 1 : 0);
  const network = `10.${number & 127}.${position}.0/24`;
  switch (position % 4) {
    case 0:
      return `ip.src in {${network}} and tcp.dstport == ${port}`;
    case 1:
      return `udp.dstport in {${port}..${port + 10}}`;
    case 2:
      return `tcp.flags.syn and not tcp.flags.ack and tcp.dstport == ${port}`;
    default:
      return `ip.src in {${network}} and ip.proto == "icmp"`;
  }
}
