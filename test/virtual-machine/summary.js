// What a virtual machine's run came to, for whoever started test-kernels.sh: what failed in full, then a line of counts.
// A run without results, or that failed without saying which test did, is a failure.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const [series, directory, status] = process.argv.slice(2);
const result = readResults();
const failures = result.testResults.filter(file => file.status === 'failed');
for (const file of failures) process.stdout.write(`${series}: ${file.name}\n${file.message}\n`);
if (failures.length === 0 && status !== '0')
  process.stdout.write(readFileSync(join(directory, 'output'), 'utf8').slice(-4000));
for (const line of complaints()) process.stdout.write(`${series}: the kernel: ${line}\n`);

const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
process.stdout.write(
  `kernel ${series}: ${result.numPassedTests} passed, ${failed} failed, ${result.numPendingTests} skipped, exit status ${status}\n`,
);
process.exitCode = status === '0' && failed === 0 && result.numPassedTests > 0 ? 0 : 1;

function readResults() {
  try {
    return JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8'));
  } catch (error) {
    process.stdout.write(`kernel ${series}: no results: ${error.message}\n`);
    return { testResults: [], numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numRuntimeErrorTestSuites: 1 };
  }
}

/** What a kernel says of its own faults. */
function complaints() {
  const messages = readFileSync(join(directory, 'messages'), 'utf8').split('\n');
  return messages.filter(line => /\bBUG\b|\bOops\b|WARNING: CPU|general protection/.test(line));
}
