#!/bin/bash
# Runs `rampart doctor` and the suites that depend on the kernel under every kernel of KERNELS, a virtual machine each, all
# at once. Results as jest writes them, output and the kernel's messages: build/virtual-machine/results/SERIES. The exit
# status is 1 when anything failed anywhere.
#
#   KERNELS=6.1,6.12 TESTS='test/kernel test/packet' test/virtual-machine/test-kernels.sh
set -uo pipefail
cd "$(dirname "$0")/../.."

IFS=, read -ra kernels <<< "${KERNELS:-6.1,6.12}"
read -ra tests <<< "${TESTS:-$(grep -v '^#' test/virtual-machine/suites.txt | xargs)}"
results=build/virtual-machine/results

# What the machine has to say of itself, then the suites; both count.
in_machine='
  bin/rampart doctor; doctor=$?
  CI=1 node_modules/.bin/jest -w 2 --reporters=default --reporters=./test/virtual-machine/each-test.js \
    --json --outputFile=/run/exchange/results.json "$@"; suites=$?
  exit $((doctor > suites ? doctor : suites))'

run_kernel() {
  local series=$1 status=0
  # Without hardware virtualisation everything takes five to twenty times as long.
  TEST_TIME_FACTOR=4 FUZZ_SEED="${FUZZ_SEED:-1}" LIMIT="${LIMIT:-2400}" EXCHANGE=$PWD/$results/$series \
    test/virtual-machine/run.sh "$series" bash -c "$in_machine" bash "${tests[@]}" > "$results/$series/output" 2>&1 || status=$?
  node test/virtual-machine/summary.js "$series" "$results/$series" "$status"
}

rm -rf "$results"
running=()
for series in "${kernels[@]}"; do
  mkdir -p "$results/$series"
  run_kernel "$series" &
  running+=($!)
done
failed=0
for process in "${running[@]}"; do
  wait "$process" || failed=1
done
exit "$failed"
