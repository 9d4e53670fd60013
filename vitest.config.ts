import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))
const outside = ['**/node_modules/**', '**/.next*/**', '**/e2e/**']

// `--project unit` needs nothing but Node; `--project pg` starts a real PostgreSQL; `--project sim` runs the simulator.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@syncline\/runtime\/([^/]+)$/, replacement: `${root}runtime/$1/index.ts` },
      { find: /^@\/(.*)$/, replacement: `${root}$1` },
      // The marker refuses to load outside of Next's server; a test is neither.
      { find: /^server-only$/, replacement: `${root}node_modules/server-only/empty.js` },
    ],
  },
  test: {
    // Starting PGlite takes seconds where the machine is busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each worker may hold several databases of 300 MB.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...outside, '**/*.pg.test.ts', '**/*.sim.test.ts'],
        },
      },
      { extends: true, test: { name: 'pg', include: ['**/*.pg.test.ts'], exclude: outside } },
      { extends: true, test: { name: 'sim', include: ['**/*.sim.test.ts'], exclude: outside } },
    ],
  },
})
