/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/test/build-grammar.ts',
  setupFiles: ['<rootDir>/test/fuzz-runs.js'],
  testEnvironment: 'node',
  // Kernel tests wait for clang and for deferred destruction in the kernel; a hang still ends.
  testTimeout: 60_000 * Number(process.env.TEST_TIME_FACTOR ?? 1),
  maxWorkers: '100%',
};
