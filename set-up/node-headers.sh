#!/bin/sh
# Prints a directory whose include/node holds the headers of the running Node.js, for node-gyp's --nodedir: node-gyp
# itself would download them from nodejs.org. Most installations carry them; where not, npm's package of the same
# binary does, and is put under build/.
set -eu

cd "$(dirname "$0")/.."
prefix=$(node -p 'require("node:path").resolve(process.execPath, "../..")')
if [ -f "$prefix/include/node/node_api.h" ]; then
  echo "$prefix"
  exit 0
fi

package=$(node -p '`node-linux-${process.arch}`')
version=$(node -p process.versions.node)
carried=build/node-headers/$version
if [ ! -f "$carried/node_modules/$package/include/node/node_api.h" ]; then
  npm install --silent --no-save --no-package-lock --no-audit --no-fund --prefix "$carried" "$package@$version" >&2 || {
    echo "set-up: no headers of Node.js $version in $prefix/include/node, and npm has not given $package@$version" >&2
    echo "set-up: cure: install Node.js with its headers (nodesource.com's Debian package), or make the npm registry reachable" >&2
    exit 1
  }
fi
echo "$PWD/$carried/node_modules/$package"
