// Lets `make fuzz` set how many cases fast-check tries for a property that does not fix it itself. Jest runs this file
// ahead of each test file; the library is loaded only where the number was given.

const runs = process.env.FUZZ_RUNS;
if (runs !== undefined) require('fast-check').configureGlobal({ numRuns: Number(runs) });
