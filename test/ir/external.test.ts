// What a host says of itself makes conditions constant; what it does not have makes rules that ask for it refused.

import { compileExpression } from '../../src/compile';
import type { Site } from '../../src/ir/external';

const SITE: Site = { colo_name: 'sfo06', colo_region: 'WNAM' };

function formulaOf(expression: string): unknown {
  const compiled = compileExpression(expression, new Map(), SITE);
  return compiled.ok ? compiled.value.formula : compiled.diagnostics;
}

describe('on the host sfo06 in WNAM holds', () => {
  test.each<[string, boolean]>([
    ['cf.colo.name == "sfo06"', true],
    ['cf.colo.name eq "SFO06"', false],
    ['cf.colo.name != "sfo06"', false],
    ['cf.colo.name ne "ams01"', true],
    ['cf.colo.name in {"ams01" "sfo06"}', true],
    ['cf.colo.name contains "o0"', true],
    ['cf.colo.name matches "^sfo[0-9]+$"', true],
    ['cf.colo.name wildcard "SFO*"', true],
    ['cf.colo.name strict wildcard "SFO*"', false],
    ['starts_with(cf.colo.name, "ams")', false],
    ['ends_with(cf.colo.name, "06")', true],
    ['len(cf.colo.name) == 5', true],
    ['len(cf.colo.name) != 5', false],
    ['bit_slice(cf.colo.name, 0, 8) == 0x73', true],
    ['cf.colo.region > "W" and not cf.colo.region == "ENAM"', true],
  ])('%s: %s', (expression, value) => {
    const constant = { kind: 'constant', value };
    expect(formulaOf(expression)).toEqual({ ip: constant, ip6: constant });
  });
});

test('such conditions are no reason for a warning: they hold elsewhere', () => {
  const compiled = compileExpression('cf.colo.name == "sfo06" or cf.colo.name == "ams01"', new Map(), SITE);
  expect(compiled.ok && compiled.value.warnings).toEqual([]);
});

describe('a host that has no more than that refuses', () => {
  test.each<[string, string, string]>([
    ['tcp.dstport == 80 and ip.src.country == "US"', 'ip.src.country', 'a database of the countries of addresses'],
    ['not ip.dst.country in {"US" "GB"}', 'ip.dst.country', 'a database of the countries of addresses'],
    ['len(ip.geoip.country) == 2', 'ip.geoip.country', 'a database of the countries of addresses'],
    ['ip.src.asnum == 13335', 'ip.src.asnum', 'a database of the autonomous systems of addresses'],
    ['ip.dst.asnum in {64512..65534}', 'ip.dst.asnum', 'a database of the autonomous systems of addresses'],
    ['sip', 'sip', 'a program that knows SIP'],
    ['not sip', 'sip', 'a program that knows SIP'],
    ['ip.src in $cf.anonymizer', '$cf.anonymizer', 'the managed lists'],
    ['not ip.dst in $cf.malware', '$cf.malware', 'the managed lists'],
  ])('%s', (expression, name, what) => {
    expect(formulaOf(expression)).toEqual([expect.objectContaining({ code: 'RF2028' })]);
    const message = `no data for ${name} on this host: it needs ${what}`;
    expect(formulaOf(expression)).toEqual([expect.objectContaining({ message })]);
  });
});

test('a host that says nothing of itself refuses what asks for it, and names the setting', () => {
  const compiled = compileExpression('cf.colo.name == "sfo06"', new Map(), {});
  expect(compiled.ok ? undefined : compiled.diagnostics.map(({ code, cure }) => `${code} ${cure}`)).toEqual([
    'RF2028 say in which data center this host stands: --colo-name NAME, or RAMPART_COLO_NAME in the environment',
  ]);
});

test('a list of the policy under the name of a managed one is an ordinary list', () => {
  const lists = new Map([['cf.vpn', [{ family: 4, from: 1n, to: 1n } as const]]]);
  expect(compileExpression('ip.src in $cf.vpn', lists, SITE).ok).toBe(true);
});
