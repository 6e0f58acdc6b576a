// node echo.js ADDRESS…: answers UDP and TCP at port 7777 of each, until it is killed. Says ready when it listens.
const dgram = require('node:dgram');
const net = require('node:net');

let waiting = 2 * (process.argv.length - 2);
const ready = () => --waiting === 0 && process.stdout.write('ready\n');
for (const address of process.argv.slice(2)) {
  const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (data, { port, address: from }) => socket.send(data, port, from));
  socket.bind(7777, address, ready);
  net.createServer(connection => connection.pipe(connection)).listen(7777, address, ready);
}
