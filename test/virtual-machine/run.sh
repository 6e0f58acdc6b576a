#!/bin/bash
# Boots a kernel of set-up/kernels.txt under qemu, without hardware virtualisation, and runs a command in it: on the root
# file system of this machine, whose changes go with the virtual machine. Output and exit status are the command's; 124 after
# LIMIT seconds, 125 when the machine ended without a status. What the command leaves in /run/exchange is in EXCHANGE then,
# where the kernel's messages are too.
#
#   LIMIT=60 EXCHANGE=build/virtual-machine/look test/virtual-machine/run.sh 6.1 bin/rampart doctor
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
kernel=$(cd "$here/../.." && pwd)/build/virtual-machine/kernel/$1
shift
limit=${LIMIT:-300}
release=$(cat "$kernel/release")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
exchange=${EXCHANGE:-$scratch/exchange}
mkdir -p "$exchange" && rm -f "$exchange/status"

# busybox decompresses no modules that the kernel wants whole; so they lie there as they were compiled.
make_initramfs() {
  local root=$scratch/initramfs module
  mkdir -p "$root"/{bin,proc,dev,below,above,root,lib/modules/"$release"}
  cp /bin/busybox "$root/bin/"
  cp "$here/init" "$root/init"
  chmod +x "$root/init"
  modprobe -d "$kernel" -S "$release" -a --show-depends virtio_pci 9pnet_virtio 9p overlay |
    awk '$1 == "insmod" { print $2 }' | sort -u |
    while read -r module; do
      case $module in
        *.xz) xz -dc "$module" > "$root/lib/modules/$release/$(basename "$module" .xz)" ;;
        *) cp "$module" "$root/lib/modules/$release/" ;;
      esac
    done
  cp "$kernel/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$root/lib/modules/$release/"
  depmod -b "$root" "$release"
  (cd "$root" && find . | busybox cpio -o -H newc 2> /dev/null | gzip -1) > "$scratch/initramfs.gz"
}

make_initramfs
printf 'KERNEL=%q\nDIRECTORY=%q\nLIMIT=%q\n' "$kernel" "$PWD" "$limit" > "$exchange/settings"
# Settings of the tests go along.
for name in TEST_TIME_FACTOR FUZZ_SEED FUZZ_RUNS; do
  [ -z "${!name:-}" ] || printf 'export %s=%q\n' "$name" "${!name}" >> "$exchange/settings"
done
printf '%q ' "$@" > "$exchange/command"

# no_timer_check: on a busy machine the kernel takes a late tick for a broken timer, and panics.
qemu=(
  qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot
  -accel tcg,thread=multi,tb-size=1024 -cpu "${CPU:-max,la57=off}" -smp "${CPUS:-2}" -m "${MEMORY:-4096}"
  -kernel "$kernel/vmlinuz" -initrd "$scratch/initramfs.gz"
  -append "console=ttyS0 earlyprintk=ttyS0 panic=-1 mitigations=off no_timer_check ROOM=$here"
  -virtfs local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap
  -virtfs "local,path=$exchange,mount_tag=exchange,security_model=none"
  -serial "file:$exchange/messages" -chardev stdio,id=output,signal=off -serial chardev:output
)
status=0
# qemu ends with `timeout`, whoever kills that.
timeout --foreground --kill-after=10 "$limit" setpriv --pdeathsig KILL "${qemu[@]}" < /dev/null || status=$?
[ "$status" -eq 0 ] || exit "$status"
if [ ! -f "$exchange/status" ]; then
  echo "run.sh: the machine ended without the command's status; its last messages:" >&2
  tail -n 20 "$exchange/messages" >&2
  exit 125
fi
exit "$(cat "$exchange/status")"
