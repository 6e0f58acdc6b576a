// node ask.js udp|tcp ADDRESS BYTES SECONDS: sends so many bytes to port 7777 and waits for all of them to come back, asking
// again twice a second. Exit status 0 when they did, 1 when they did not in time.
const dgram = require('node:dgram');
const net = require('node:net');

const [, , protocol, address, bytes, seconds] = process.argv;
const data = Buffer.alloc(Number(bytes), 'x');
setTimeout(() => process.exit(1), 1_000 * Number(seconds));
if (protocol === 'udp') {
  const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', answer => process.exit(answer.equals(data) ? 0 : 1));
  // Too large for the path, as a router has just said: the next one is cut.
  socket.on('error', () => {});
  const ask = () => socket.send(data, 7777, address, () => {});
  ask();
  setInterval(ask, 500);
} else {
  let left = data.length;
  const socket = net.connect(7777, address, () => socket.write(data));
  socket.on('data', part => {
    left -= part.length;
    if (left === 0) process.exit(0);
  });
  socket.on('error', () => process.exit(1));
}
