#!/bin/sh
# Unpacks Debian's kernels of the series named, as kernels.txt has them, below build/virtual-machine/kernel/SERIES:
# vmlinuz, and the modules that tests can meet. Does nothing for a series that is there. The package index is fetched into
# build/: the machine's own apt sources are asked for their mirror alone.
#
#   set-up/kernels.sh 6.1 6.12
set -eu

cd "$(dirname "$0")/.."
list=set-up/kernels.txt
home=$PWD/build/virtual-machine

fail() {
  printf 'set-up: %s\n' "$@" >&2
  exit 1
}

# Every option that would lead apt to what belongs to the machine; apt's own user may not read below build/.
apt() {
  tool=$1
  shift
  "$tool" -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work" -o Dir::State::Lists="$work/lists" \
    -o Dir::Cache="$work" -o APT::Sandbox::User=root -o APT::Architecture=amd64 "$@"
}

mirror() {
  found=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' |
    awk '$1 == "Debian" && $2 == "main" && $3 !~ /security/ { print $3; exit }')
  echo "${found:-http://deb.debian.org/debian}"
}

unpack() {
  series=$1
  suite=$(awk -v series="$series" '!/^#/ && $1 == series { print $2 }' "$list")
  [ -n "$suite" ] || fail "kernels.txt has no kernel $series" "cure: one of: $(awk '!/^#/ { print $1 }' "$list" | xargs)"
  [ ! -f "$home/kernel/$series/release" ] || return 0

  work=$home/apt/$series
  rm -rf "$work" "$home/kernel/$series"
  mkdir -p "$work/lists/partial" "$work/archives/partial" "$home/kernel/$series"
  cat > "$work/debian.sources" <<END
Types: deb
URIs: $(mirror)
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
  echo "set-up: fetching Debian's kernel $series ($suite)"
  apt apt-get -q=2 update || fail "no package index of $suite" "cure: a reachable Debian mirror that carries $suite, then make again"
  package=$(apt apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" { print $2; exit }')
  [ -n "$package" ] || fail "$suite has no linux-image-amd64"
  case $package in
    linux-image-"$series".*) ;;
    *) fail "$suite has $package now, not $series" "cure: another suite in $list" ;;
  esac
  (cd "$work" && apt apt-get -q=2 download "$package") || fail "could not fetch $package" "cure: a reachable Debian mirror, then make again"

  release=${package#linux-image-}
  # A fifth of the package: no hardware but virtio's.
  dpkg-deb --fsys-tarfile "$work"/linux-image-*.deb |
    tar -x -C "$work" --wildcards --exclude='*/drivers/net/ethernet/*' --exclude='*/drivers/net/wireless/*' \
      './boot/vmlinuz-*' '*/modules.*' '*/kernel/net/*' '*/kernel/fs/*' '*/kernel/lib/*' '*/kernel/crypto/*' '*/kernel/arch/*' \
      '*/kernel/drivers/net/*' '*/kernel/drivers/virtio/*' '*/kernel/drivers/char/*'
  mkdir -p "$home/kernel/$series/lib"
  mv "$work/lib/modules" "$home/kernel/$series/lib/"
  mv "$work/boot/vmlinuz-$release" "$home/kernel/$series/vmlinuz"
  depmod -b "$home/kernel/$series" "$release"
  rm -rf "$work"
  echo "$release" > "$home/kernel/$series/release"
}

[ "$(uname -m)" = x86_64 ] || fail "the kernels are amd64's, this machine is $(uname -m)"
for series in "$@"; do
  unpack "$series"
done
