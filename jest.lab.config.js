// The scenarios of the virtual fabric: one at a time, because each fills the machine.
const { globalSetup, globalTeardown, ...base } = require('./jest.config.js');

/** @type {import('jest').Config} What a lab leaves in the temporary folder is to be seen: tools/lab-leftovers.ts. */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/lab/**/*.lab.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
};
