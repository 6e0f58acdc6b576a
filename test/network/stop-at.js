// Run as a process of its own, which kills itself: brings an account's network into being, or takes it away, and ends by
// SIGKILL instead of sending the Nth message that changes something. Writes the number of those when there are fewer.
//   node stop-at.js put|remove DOCUMENT REALM HOST N

const { writeSync } = require('node:fs');
const { join } = require('node:path');

const BUILD = join(__dirname, '../../build/js');
const { parseAccount } = require(join(BUILD, 'account/parse-account.js'));
const { Connection } = require(join(BUILD, 'netlink/connection.js'));
const { openHost } = require(join(BUILD, 'network/host.js'));
const { openNetwork } = require(join(BUILD, 'network/network.js'));
const { networkPlan } = require(join(BUILD, 'network/plan.js'));
const { removeNetwork } = require(join(BUILD, 'network/remove.js'));

const [what, document, realm, namespace, last] = process.argv.slice(2);
let sent = 0;

for (const name of ['request', 'commit']) {
  const send = Connection.prototype[name];
  Connection.prototype[name] = function (message) {
    if (!/^get /.test(message.operation) && ++sent === Number(last)) process.kill(process.pid, 'SIGKILL');
    return send.call(this, message);
  };
}

async function main() {
  const { account } = parseAccount(document);
  const names = { realm };
  const host = openHost({ namespace });
  if (what === 'put') {
    const network = openNetwork(names, account, host);
    const plan = networkPlan(account, names, new Map());
    await network.prepare(plan);
    await network.apply(plan);
  } else await removeNetwork(names, account, host);
  writeSync(1, `${sent}\n`);
  process.exit(0);
}

main();
