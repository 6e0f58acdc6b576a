// All probes in the order of the report: the process and its tools, then the kernel from what everything needs to what
// single features need.

import type { Ask, Probe } from './probe';

const CAPABILITIES_CURE = 'run as root, or give the process CAP_NET_ADMIN, CAP_SYS_ADMIN and CAP_BPF';
const DEBIAN_KERNEL_CURE = "boot Debian's kernel package, or one with this option as a module or built in";

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
    cure: `modprobe nf_tables; ${DEBIAN_KERNEL_CURE}: CONFIG_NF_TABLES, CONFIG_NF_TABLES_IPV4, CONFIG_NF_TABLES_IPV6`,
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
    name: 'xt_bpf',
    question: 'Does an nftables rule call a pinned program (nft_compat, xt_bpf)?',
    neededFor: 'eBPF programs in rules',
    required: true,
    cure: `modprobe -a nft_compat xt_bpf; ${DEBIAN_KERNEL_CURE}: CONFIG_NFT_COMPAT, CONFIG_NETFILTER_XT_MATCH_BPF`,
    load: () => require('./probe/xt-bpf').askXtBpf,
  },
  {
    name: 'nflog',
    question: 'Does nf_tables log to a netlink group (NFLOG)?',
    neededFor: 'log rules, disabled rules, flow records',
    required: true,
    cure: `modprobe -a nft_log nfnetlink_log; ${DEBIAN_KERNEL_CURE}: CONFIG_NFT_LOG, CONFIG_NETFILTER_NETLINK_LOG`,
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
    cure: `${DEBIAN_KERNEL_CURE}: CONFIG_DEBUG_INFO_BTF`,
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
    neededFor: 'owned tables at all: without it the end of the agent opens the firewall',
    required: false,
    cure: 'Linux 6.9 or newer has it; tables stay without an owner until then',
    load: () => require('./probe/table-flag').askTablePersist,
  },
  device('veth', true, 'connecting accounts, replay'),
  device('tun', false, 'tunnels in user space'),
  device('dummy', false, 'addresses of their own'),
  device('bridge', false, 'accounts on one segment'),
  device('ifb', false, 'shaping what comes in'),
  device('vxlan', false, 'VXLAN tunnels'),
  device('gre', false, 'GRE tunnels'),
  device('ipip', false, 'IPIP tunnels'),
  device('wireguard', false, 'WireGuard tunnels'),
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

function device(kind: string, required: boolean, neededFor: string): Probe {
  const load = (): Ask =>
    kind === 'tun' ? require('./probe/tun-device').askTunDevice : require('./probe/device').askDevice(kind);
  return {
    name: kind,
    question: `Can a ${kind} device be made?`,
    neededFor,
    required,
    cure: `modprobe ${kind === 'gre' ? 'ip_gre' : kind}; ${DEBIAN_KERNEL_CURE}`,
    load,
  };
}
