// Packets for the accounts, so many of each in a round and so many rounds a second; after ROUNDS rounds it ends.
//   node traffic.js ROUNDS MILLISECONDS PACKETS     PACKETS: JSON, [address, port, payload] each

const { createSocket } = require('node:dgram');

const [rounds, wait, packets] = process.argv.slice(2);
const socket = createSocket('udp4');
// While a route is missing there is nowhere to send to.
socket.on('error', () => undefined);

function send(round) {
  if (round === Number(rounds)) {
    socket.close();
    return;
  }
  let left = 0;
  for (const [address, port, payload] of JSON.parse(packets)) {
    left++;
    socket.send(payload, port, address, () => {
      if (--left === 0) setTimeout(send, Number(wait), round + 1);
    });
  }
}

send(0);
