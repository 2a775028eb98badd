/** ESM-only packages that Jest has to transform because it runs CommonJS. */
const esmOnly = ['@middy', 'cockatiel', 'p-limit', 'yocto-queue', 'commander', 'listr2', 'd3-[a-z-]+', 'internmap'];

const common = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  transform: {
    '^.+\\.m?[tj]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'commonjs' } },
    ],
  },
  // They export themselves to `import` only, which is not how Jest looks for them.
  moduleNameMapper: { '^@middy/([\\w-]+)$': '<rootDir>/node_modules/@middy/$1/index.js' },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
};
const endToEnd = '<rootDir>/test/e2e/';

export default {
  testTimeout: 20_000,
  projects: [
    {
      ...common,
      displayName: 'parts',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', endToEnd],
    },
    // Whole runs, which measure: test/run.ts gives them the machine for themselves, one file after the other.
    { ...common, displayName: 'end-to-end', testMatch: [`${endToEnd}**/*.test.ts`] },
  ],
};
