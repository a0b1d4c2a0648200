// The same suite also runs on cdktn, the living fork, under the name of cdktf: also for what @cdktf/provider-null imports.
const onCdktn = process.env.METAL_FABRIC_ENGINE === 'cdktn';

/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/*/*.test.ts'],
  testTimeout: 30_000,
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/temporary-folder/make.ts',
  globalTeardown: '<rootDir>/test/temporary-folder/remove.ts',
  // What runs on a device has never heard of either.
  testPathIgnorePatterns: ['/node_modules/', ...(onCdktn ? ['/test/apply/on-device[.]test[.]ts$'] : [])],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
  moduleNameMapper: {
    '^cdktf-metal-fabric$': '<rootDir>/lib/index.ts',
    '^cdktf-metal-fabric/batch$': '<rootDir>/lib/batch.ts',
    '^cdktf-metal-fabric/jest$': '<rootDir>/lib/testing/index.ts',
    ...(onCdktn ? { '^cdktf$': 'cdktn', '^cdktf/(.*)$': 'cdktn/$1' } : {}),
  },
  // Types are checked by tsc, apart from the tests.
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' }, keepClassNames: true },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};
