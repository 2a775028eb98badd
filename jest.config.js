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
/** What measures, or looks at everything on the machine: anything beside it would be measured or seen as well. */
const alone = [
  `${endToEnd}alone/`,
  '<rootDir>/test/infra/locust/',
  '<rootDir>/test/infra/sample-app/',
  '<rootDir>/test/infra/slow-query/',
  '<rootDir>/test/lambdas/faults/on-host.test.ts',
];

export default {
  testTimeout: 20_000,
  // How many files of each run at once is said in test/run.ts.
  projects: [
    {
      ...common,
      displayName: 'parts',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', endToEnd, ...alone],
    },
    {
      ...common,
      displayName: 'end-to-end',
      testMatch: [`${endToEnd}**/*.test.ts`],
      testPathIgnorePatterns: ['/node_modules/', ...alone],
    },
    {
      ...common,
      displayName: 'alone',
      testMatch: alone.map((path) => (path.endsWith('/') ? `${path}**/*.test.ts` : path)),
    },
  ],
};
