// A reporter for jest that tells of each test when it ends: a machine that is ended at its limit has said how far it came.

const { basename } = require('node:path');

module.exports = class EachTest {
  onTestCaseResult({ path }, { status, fullName, duration, failureMessages }) {
    if (status === 'pending') return;
    process.stdout.write(`${status} ${basename(path)}: ${fullName} (${duration} ms)\n`);
    for (const message of failureMessages) process.stdout.write(`${message}\n`);
  }
};
