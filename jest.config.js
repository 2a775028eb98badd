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
const alone = `${endToEnd}alone/`;

export default {
  testTimeout: 20_000,
  // How many files of each run at once is said in test/run.ts.
  projects: [
    {
      ...common,
      displayName: 'parts',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', endToEnd],
    },
    {
      ...common,
      displayName: 'end-to-end',
      testMatch: [`${endToEnd}**/*.test.ts`],
      testPathIgnorePatterns: ['/node_modules/', alone],
    },
    { ...common, displayName: 'alone', testMatch: [`${alone}**/*.test.ts`] },
  ],
};
