import { defineConfig } from 'vitest/config'

/** The long runs, one after another: `npm run outside`, or one of them: `npm run outside -- clock`. */
export default defineConfig({
  test: {
    include: ['test/outside/*.outside.ts'],
    globalSetup: ['test/mongo.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
