import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/mongo.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    // Of the tests of a file that run beside each other: each is a program or two.
    maxConcurrency: 4,
    // No test changes what it imports, and loading all of it anew for each file is a third of the work of most.
    isolate: false,
    reporters: ['default', ['json', { outputFile: '.vitest-report.json' }]],
  },
})
