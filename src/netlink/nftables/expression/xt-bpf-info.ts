// struct xt_bpf_info_v1 (linux/netfilter/xt_bpf.h): the info of iptables' bpf match, by which an nft rule calls a pinned
// eBPF socket filter. The kernel opens the path during sendmsg, in the sending thread's mount namespace, and then holds
// the program itself. `iptables-nft -m bpf --object-pinned PATH`.

import ref from 'ref-napi';
import structType from 'ref-struct-di';
import { NetlinkError } from '../../netlink-error';
import type { MatchExpression } from './match';

const XT_BPF_MODE_PATH_PINNED = 1;
const XT_BPF_PATH_MAX = 512;

/** char[XT_BPF_PATH_MAX], NUL-terminated. */
const PATH: ref.Type<string> = {
  name: 'char[512]',
  size: XT_BPF_PATH_MAX,
  alignment: 1,
  indirection: 1,
  get(buffer, offset) {
    const path = buffer.subarray(offset, offset + XT_BPF_PATH_MAX);
    const end = path.indexOf(0);
    return path.toString('utf8', 0, end === -1 ? path.length : end);
  },
  set(buffer, offset, path) {
    buffer.fill(0, offset, offset + XT_BPF_PATH_MAX);
    buffer.write(path, offset);
  },
};

/** 528 bytes on 64-bit machines: the pointer, the kernel's own, starts at a multiple of 8. */
const XtBpfInfoV1 = structType(ref)({
  mode: ref.types.uint16,
  bpf_program_num_elem: ref.types.uint16,
  fd: ref.types.int32,
  path: PATH,
  filter: ref.types.uint64,
});

/** The match expression; `path` is absolute. */
export function pinnedProgramMatch(path: string): MatchExpression {
  const size = Buffer.byteLength(path);
  if (size >= XT_BPF_PATH_MAX) {
    throw new NetlinkError({
      code: 'ENAMETOOLONG',
      operation: 'encode xt_bpf_info_v1',
      subject: path,
      text: `the pin's path has ${size} bytes`,
      cure: `pin the program under a path of at most ${XT_BPF_PATH_MAX - 1} bytes`,
    });
  }
  const info = new XtBpfInfoV1({ mode: XT_BPF_MODE_PATH_PINNED, bpf_program_num_elem: 0, fd: 0, path, filter: 0 });
  return { kind: 'match', name: 'bpf', revision: 1, info: new Uint8Array(info.ref()) };
}

/** The path in a listed match; undefined when it is another match or holds classic BPF. */
export function pinnedProgramPath({ name, revision, info }: MatchExpression): string | undefined {
  if (name !== 'bpf' || revision !== 1 || info.length !== XtBpfInfoV1.size) return undefined;
  const fields = new XtBpfInfoV1(Buffer.from(info));
  return fields.mode === XT_BPF_MODE_PATH_PINNED ? fields.path : undefined;
}
