// Lets `make fuzz` set how many cases fast-check tries for a property that does not fix it itself, and FUZZ_SEED repeat a
// run. Jest runs this file ahead of each test file; the library is loaded only where one of them was given.

const { FUZZ_RUNS, FUZZ_SEED } = process.env;
if (FUZZ_RUNS !== undefined || FUZZ_SEED !== undefined) {
  require('fast-check').configureGlobal({
    ...(FUZZ_RUNS !== undefined && { numRuns: Number(FUZZ_RUNS) }),
    ...(FUZZ_SEED !== undefined && { seed: Number(FUZZ_SEED) }),
  });
}
