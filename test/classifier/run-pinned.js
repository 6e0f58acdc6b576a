// Runs a pinned program on frames, by turns, so many times; then says so. Arguments: the pin, the times, then frames in
// hexadecimal digits. It loads the addon and nothing else.

const native = require('../../build/Release/rampart_native.node');

const [pin, times, ...frames] = process.argv.slice(2);
const REPEAT = 50;
const program = native.openPinnedProgram(pin);
const bytes = frames.map(frame => Buffer.from(frame, 'hex'));

process.send('begun');
let runs = 0;
for (; runs < Number(times); runs += REPEAT) program.testRun(bytes[(runs / REPEAT) % bytes.length], REPEAT, 0);
process.send(runs);
process.disconnect();
