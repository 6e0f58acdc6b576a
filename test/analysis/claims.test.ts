// Random policies: everything that the analysis says of them is held against every packet of the tests, and every packet
// that it shows against the evaluator.

import fc from 'fast-check';
import { analyze } from '../../src/analysis/analyze';
import { CASES } from '../packet/expressions';
import { contradictions } from './contradiction';
import { findingsOf, rulesOf } from './policy';
import { HEADER_CONDITIONS, PAYLOAD_CONDITIONS, policies, RECEIVED } from './random-policy';

/** A hundredth of the cases of other properties: each is a policy, analysed and held against some 250 packets. */
const RUNS = { numRuns: Math.ceil((fc.readConfigureGlobal()?.numRuns ?? 3000) / 100) };

test('no packet contradicts what is said of a policy, and every packet shown is judged as said', () => {
  fc.assert(
    fc.property(policies([...HEADER_CONDITIONS, ...PAYLOAD_CONDITIONS, ...PAYLOAD_CONDITIONS]), lines => {
      const rules = rulesOf(lines);
      expect(contradictions(rules, analyze(rules), RECEIVED)).toEqual([]);
    }),
    RUNS,
  );
});

test('of conditions on headers nothing stays unknown', () => {
  fc.assert(
    fc.property(policies(HEADER_CONDITIONS), lines => {
      const rules = rulesOf(lines);
      const analyses = analyze(rules);
      expect(findingsOf(analyses).filter(finding => finding.includes('unknown'))).toEqual([]);
      expect(contradictions(rules, analyses, RECEIVED)).toEqual([]);
    }),
    RUNS,
  );
});

test.each([100, 10_000])('with a budget of %i steps what is said is still true', budget => {
  fc.assert(
    fc.property(policies([...HEADER_CONDITIONS, ...PAYLOAD_CONDITIONS]), lines => {
      const rules = rulesOf(lines);
      expect(contradictions(rules, analyze(rules, budget), RECEIVED)).toEqual([]);
    }),
    RUNS,
  );
});

/** Of a pattern on an interface's name nothing is known but that there is one. */
const KNOWN = CASES.filter(({ expression }) => !/in_iface (wildcard|matches)/.test(expression));

test.each(KNOWN.map(({ expression }) => expression))('%s alone is neither unknown nor wrong', expression => {
  const rules = rulesOf([`block ${expression}`]);
  const analyses = analyze(rules);
  expect(findingsOf(analyses).filter(finding => finding.includes('unknown'))).toEqual([]);
  expect(contradictions(rules, analyses, RECEIVED)).toEqual([]);
});
