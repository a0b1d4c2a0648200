// The scenarios of the virtual fabric: one at a time, because each fills the machine.
const base = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/lab/**/*.lab.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
};
