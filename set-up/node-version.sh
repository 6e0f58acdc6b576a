#!/bin/sh
# Refuses a Node.js older than the one package.json asks for ("engines"), or none at all.
set -eu

cd "$(dirname "$0")/.."
cure="cure: install Node.js 20.17 or newer with npm (nodesource.com has Debian packages), then make again"

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  printf 'set-up: node or npm is not installed\nset-up: %s\n' "$cure" >&2
  exit 1
fi

node -e '
  const wanted = require("./package.json").engines.node.replace(">=", "").split(".").map(Number);
  const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > wanted[0] || (major === wanted[0] && minor >= wanted[1]) ? 0 : 1);
' || {
  printf 'set-up: Node.js %s is too old\nset-up: %s\n' "$(node --version)" "$cure" >&2
  exit 1
}
