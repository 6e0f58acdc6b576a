// All probes in the order of the report: the process and its tools, then the kernel from what everything needs to what
// single features need.

import type { Probe } from './probe';
import type { TunnelKind } from './probe/tunnel';

const CAPABILITIES_CURE = 'run as root, or give the process CAP_NET_ADMIN, CAP_SYS_ADMIN and CAP_BPF';

function kernelCure(modules: string, options: string): string {
  return `modprobe -a ${modules}; if there is none, boot a kernel with ${options}, such as Debian's`;
}

export const PROBES: readonly Probe[] = [
  {
    name: 'node',
    question: 'Is Node.js 20.17 or newer?',
    neededFor: 'everything',
    required: true,
    cure: 'install Node.js 20.17 or newer',
    load: () => require('./probe/node-version').askNodeVersion,
  },
  {
    name: 'addon',
    question: 'Does the native addon load?',
    neededFor: 'everything that touches the kernel',
    required: true,
    cure: 'make build',
    load: () => require('./probe/addon').askAddon,
  },
  {
    name: 'clang',
    question: 'Does clang compile for BPF?',
    neededFor: 'rules on payloads and whatever nftables cannot match',
    required: true,
    cure: 'apt-get install clang libbpf-dev',
    load: () => require('./probe/clang').askClang,
  },
  capability('CAP_NET_ADMIN', 12, 'nftables, devices, routes'),
  capability('CAP_SYS_ADMIN', 21, 'network namespaces, mounting bpffs'),
  capability('CAP_BPF', 39, 'eBPF programs and maps'),
  {
    name: 'netns',
    question: 'Can a network namespace be made?',
    neededFor: 'accounts, replay',
    required: true,
    cure: `${CAPABILITIES_CURE}; CONFIG_NET_NS`,
    load: () => require('./probe/network-namespace').askNetworkNamespace,
  },
  {
    name: 'nf_tables',
    question: 'Does nf_tables take a base chain?',
    neededFor: 'every rule',
    required: true,
    cure: kernelCure('nf_tables', 'CONFIG_NF_TABLES, CONFIG_NF_TABLES_IPV4 and CONFIG_NF_TABLES_IPV6'),
    load: () => require('./probe/nf-tables').askNfTables,
  },
  {
    name: 'bpf',
    question: 'Does a socket filter load and run?',
    neededFor: 'eBPF programs and maps',
    required: true,
    cure: `${CAPABILITIES_CURE}; CONFIG_BPF_SYSCALL`,
    load: () => require('./probe/bpf-program').askBpfProgram,
  },
  {
    name: 'bpffs',
    question: 'Can a BPF file system be mounted, and a program be pinned?',
    neededFor: 'eBPF programs and maps',
    required: true,
    cure: `${CAPABILITIES_CURE}; CONFIG_BPF_SYSCALL`,
    load: () => require('./probe/bpffs').askBpffs,
  },
  {
    name: 'nft_compat',
    question: 'Do nftables rules take the matches of iptables?',
    neededFor: 'eBPF programs in rules',
    required: true,
    cure: kernelCure('nft_compat', 'CONFIG_NFT_COMPAT'),
    load: () => require('./probe/nft-compat').askNftCompat,
  },
  {
    name: 'xt_bpf',
    question: 'Does an nftables rule call a pinned program (nft_compat, xt_bpf)?',
    neededFor: 'eBPF programs in rules',
    required: true,
    cure: kernelCure('nft_compat xt_bpf', 'CONFIG_NFT_COMPAT and CONFIG_NETFILTER_XT_MATCH_BPF'),
    load: () => require('./probe/xt-bpf').askXtBpf,
  },
  {
    name: 'nflog',
    question: 'Does nf_tables log to a netlink group (NFLOG)?',
    neededFor: 'log rules, disabled rules, flow records',
    required: true,
    cure: kernelCure('nft_log nfnetlink_log', 'CONFIG_NFT_LOG and CONFIG_NETFILTER_NETLINK_LOG'),
    load: () => require('./probe/nflog').askNflog,
  },
  {
    name: 'bpf_jit',
    question: 'Are eBPF programs compiled to machine code?',
    neededFor: 'the speed of eBPF programs',
    required: false,
    cure: 'sysctl -w net.core.bpf_jit_enable=1',
    load: () => require('./probe/bpf-program').askBpfJit,
  },
  {
    name: 'btf',
    question: 'Does the kernel show its own types (BTF)?',
    neededFor: 'reading programs and maps with bpftool',
    required: false,
    cure: "boot a kernel with CONFIG_DEBUG_INFO_BTF, such as Debian's",
    load: () => require('./probe/btf').askBtf,
  },
  {
    name: 'table_owner',
    question: 'Can a table be owned, so that others cannot change it?',
    neededFor: 'protection of tables against other programs',
    required: false,
    cure: 'Linux 5.12 or newer has it',
    load: () => require('./probe/table-flag').askTableOwner,
  },
  {
    name: 'table_persist',
    question: 'Does an owned table outlive its owner?',
    neededFor: 'owned tables that outlive a crash',
    required: false,
    cure: 'Linux 6.9 or newer has it; tables stay without an owner until then',
    load: () => require('./probe/table-flag').askTablePersist,
  },
  {
    name: 'neighbours',
    question: 'Is there room for the neighbours of two thousand VXLAN tunnels?',
    neededFor: 'VXLAN tunnels of many accounts',
    required: false,
    cure: 'sysctl -w net.ipv4.neigh.default.gc_thresh3=16384 net.ipv6.neigh.default.gc_thresh3=16384',
    load: () => require('./probe/neighbour-table').askNeighbourTable,
  },
  device('veth', 'veth', 'CONFIG_VETH', 'connecting accounts, replay'),
  {
    ...device('tun', 'tun', 'CONFIG_TUN', 'tunnels in user space'),
    load: () => require('./probe/tun-device').askTunDevice,
  },
  device('dummy', 'dummy', 'CONFIG_DUMMY', 'addresses of their own'),
  device('bridge', 'bridge', 'CONFIG_BRIDGE', 'accounts on one segment'),
  device('ifb', 'ifb', 'CONFIG_IFB', 'shaping what comes in'),
  tunnel('vxlan', 'vxlan', 'CONFIG_VXLAN', 'VXLAN tunnels'),
  tunnel('gre', 'ip_gre', 'CONFIG_NET_IPGRE', 'GRE tunnels'),
  tunnel('ip6gre', 'ip6_gre', 'CONFIG_IPV6_GRE', 'GRE tunnels over IPv6'),
  tunnel('ipip', 'ipip', 'CONFIG_NET_IPIP', 'IPIP tunnels'),
  tunnel('sit', 'sit', 'CONFIG_IPV6_SIT', 'IPIP tunnels that carry IPv6'),
  tunnel('ip6tnl', 'ip6_tunnel', 'CONFIG_IPV6_TUNNEL', 'IPIP tunnels over IPv6'),
  device('wireguard', 'wireguard', 'CONFIG_WIREGUARD', 'WireGuard tunnels'),
];

function capability(name: string, bit: number, neededFor: string): Probe {
  return {
    name,
    question: `Is ${name} effective?`,
    neededFor,
    required: true,
    cure: CAPABILITIES_CURE,
    load: () => require('./probe/capability').askCapability(bit),
  };
}

function device(kind: string, module: string, option: string, neededFor: string): Probe {
  return {
    name: kind,
    question: `Can a ${kind} device be made?`,
    neededFor,
    required: kind === 'veth',
    cure: kernelCure(module, option),
    load: () => require('./probe/device').askDevice(kind),
  };
}

function tunnel(kind: TunnelKind, module: string, option: string, neededFor: string): Probe {
  return { ...device(kind, module, option, neededFor), load: () => require('./probe/tunnel').askTunnel(kind) };
}
