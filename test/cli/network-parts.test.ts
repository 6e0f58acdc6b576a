// What the commands that need no agent say of a document that needs one.

import { parseAccount } from '../../src/account/parse-account';
import { refuseNetworkParts } from '../../src/cli/network-parts';

function given(text: string) {
  const reading = parseAccount(`account: acme\nrules: []\n${text}`);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return { kind: 'policy', file: 'acme.yaml', policy: reading.account, text: reading.account } as const;
}

test('a document with network parts is refused, and they are named', () => {
  const refused = () => refuseNetworkParts(given('namespace: host\nprefixes: [203.0.113.0/24]'));
  expect(refused).toThrow('acme.yaml has namespace, prefixes, which this command does not make');
  expect(refused).toThrow(expect.objectContaining({ code: 'policy.needs-agent' }));
});

test('a document without network parts is taken, whatever it says of return and mss', () => {
  expect(() => refuseNetworkParts(given('return: tunnel\nmss: off'))).not.toThrow();
});
