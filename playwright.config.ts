import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

// Workers load this file again: what is chosen once is handed on in the environment.
process.env.SYNCLINE_TEST_PORT ??= String(20_000 + (process.pid % 20_000))
process.env.SYNCLINE_DIR ??= mkdtempSync(join(tmpdir(), 'syncline-browser-tests-'))
const { SYNCLINE_TEST_PORT: port, SYNCLINE_DIR: directory } = process.env

// Given where one is running already, such as `npm run dev` beside the tests.
const running = process.env.SYNCLINE_TEST_URL

const webServer = {
  command: `node designer/cli/start.mjs --port ${port}`,
  url: `http://localhost:${port}`,
  env: { SYNCLINE_DIR: directory, DATABASE_URL: '' },
  // A build may come first.
  timeout: 300_000,
  stdout: 'pipe' as const,
  gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 10_000 },
}

export default defineConfig({
  testDir: '.',
  testMatch: '{designer,preview,app,runtime}/**/e2e/**/*.spec.ts',
  // Each preview holds three databases of 300 MB.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/browser.json' }]],
  outputDir: 'test-results/browser',
  use: {
    baseURL: running ?? `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
    launchOptions: {
      // Set by `npm test` where Playwright's own browser isn't there.
      executablePath: process.env.SYNCLINE_CHROMIUM || undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  ...(running === undefined ? { webServer } : {}),
})
