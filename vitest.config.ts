import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/mongo.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    // No test changes what it imports, and loading all of it anew for each file is a third of the work of most.
    isolate: false,
    reporters: ['default', ['json', { outputFile: '.vitest-report.json' }]],
  },
})
