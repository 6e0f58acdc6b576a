// The README's example as it stands there: what the commands print of it must be what it compiles to now.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPolicyFile } from '../../src/account/policy-file';
import { compile } from '../../src/compile';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const POLICY = /cat > policy\.yaml <<'END'\n(.*?)END\n/s.exec(README)?.[1] ?? '';

const folder = mkdtempSync(join(tmpdir(), 'rampart-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

function compiled(policy: string) {
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, policy);
  const plan = compile(readPolicyFile(file));
  if (!plan.ok) throw new Error(JSON.stringify(plan.refused));
  return plan.value;
}

test('versions and programs are those of the policy', () => {
  const first = compiled(POLICY);
  const second = compiled(POLICY.replaceAll('5060', '5061'));
  expect(README).toContain(`network namespace blue: version ${first.version}\n`);
  expect(README).toContain(`network namespace blue: version ${second.version}, before ${first.version}\n`);
  expect([...README.matchAll(/loaded eBPF program ([0-9a-f]+)/g)].map(([, name]) => name)).toEqual([
    ...first.programs.keys(),
  ]);
});
