// How much the random tests of meaning try and where they begin. FUZZ_RUNS is what one property tries in `make fuzz`; a
// pair of an expression and a packet costs so little that each stands for many. FUZZ_SEED is the seed of the first round.

const { FUZZ_RUNS, FUZZ_SEED } = process.env;

/** What 20,000 runs a property amount to: a million pairs by BPF_PROG_TEST_RUN, a hundred thousand at the hook. */
const PAIRS_PER_RUN = { testRun: 50, hook: 5 };

/** Pairs to judge: `few` unless FUZZ_RUNS asks for more. */
export function pairsAskedFor(judge: keyof typeof PAIRS_PER_RUN, few: number): number {
  return FUZZ_RUNS === undefined ? few : Number(FUZZ_RUNS) * PAIRS_PER_RUN[judge];
}

/** Seeds of round after round, beginning with FUZZ_SEED so that a round that failed is the first when run again. */
export function* seeds(): Generator<number> {
  const first = FUZZ_SEED === undefined ? Date.now() : Number(FUZZ_SEED);
  for (let round = 0; ; round++) yield (first + round * 1_000_003) | 0;
}

/** Of what takes too long for `make test`, one in so many there; all in `make fuzz`. */
export function oneIn(many: number): number {
  return FUZZ_RUNS === undefined ? many : 1;
}
