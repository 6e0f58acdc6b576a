#!/bin/sh
# Installs the Debian packages of debian-packages.txt that are missing, and does nothing else when none is.
#
#   set-up/debian-packages.sh build        what `make build` and bin/rampart need
#   set-up/debian-packages.sh build test   what `make test` needs besides
set -eu

list=$(dirname "$0")/debian-packages.txt

fail() {
  printf 'set-up: %s\n' "$@" >&2
  exit 1
}

wanted=
for purpose in "$@"; do
  named=$(awk -v purpose="$purpose" '!/^#/ && $2 == purpose { print $1 }' "$list")
  [ -n "$named" ] || fail "debian-packages.txt has no package for '$purpose'"
  wanted="$wanted $named"
done

if ! command -v dpkg-query >/dev/null; then
  echo "set-up: this is no Debian: going on in the hope that the equivalents are installed of:" $wanted >&2
  exit 0
fi

# One call for all: dpkg-query exits 1 when any is unknown to it, which is an answer here and no failure.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | awk '$1 == "installed" { print $2 }')
missing=
for package in $wanted; do
  printf '%s\n' "$installed" | grep -qxF "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

[ "$(id -u)" -eq 0 ] || fail "missing Debian packages:$missing" "cure: run make as root, or have root run: apt-get install$missing"

echo "set-up: installing$missing"
export DEBIAN_FRONTEND=noninteractive
install_missing() {
  apt-get install -y --no-install-recommends $missing
}
# The package index may be absent (images ship without) or too old to name files that still exist.
if ! install_missing >/dev/null 2>&1; then
  apt-get update || fail "apt-get update failed; missing:$missing" "cure: a reachable Debian mirror in /etc/apt/sources.list, then make again"
  install_missing || fail "apt-get could not install:$missing" "cure: mend what apt-get says above, then make again"
fi
