import { access, constants } from 'node:fs/promises'
import { chromium } from '@playwright/test'
import { runCommand } from './run-command'

export type Chromium =
  /** `executable` is null where Playwright finds its own. */
  | { readonly kind: 'found'; readonly executable: string | null }
  | { readonly kind: 'missing'; readonly message: string }

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** A download that hasn't ended by then is taken for one that the network doesn't allow. */
const DOWNLOAD_LIMIT_MS = 180_000
const PACKAGE_LIMIT_MS = 300_000

/** Playwright's own browser, or the system's, or one that can be installed: in the order of what it costs. */
export async function findChromium(say: (line: string) => void): Promise<Chromium> {
  if (process.env.SYNCLINE_CHROMIUM) return { kind: 'found', executable: process.env.SYNCLINE_CHROMIUM }
  if (await isExecutable(chromium.executablePath())) return { kind: 'found', executable: null }
  const system = await firstOf(SYSTEM)
  if (system !== null) return { kind: 'found', executable: system }

  say('There is no Chromium here: downloading the one that Playwright was made for …')
  await runCommand('playwright', ['install', 'chromium'], {}, DOWNLOAD_LIMIT_MS).catch(() => 1)
  if (await isExecutable(chromium.executablePath())) return { kind: 'found', executable: null }

  if (process.getuid?.() === 0 && (await isExecutable('/usr/bin/apt-get'))) {
    say("That failed: installing the distribution's chromium …")
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await runCommand('apt-get', ['update', '-q'], env, PACKAGE_LIMIT_MS).catch(() => 1)
    await runCommand(
      'apt-get',
      ['install', '-q', '-y', '--no-install-recommends', 'chromium'],
      env,
      PACKAGE_LIMIT_MS,
    ).catch(() => 1)
    const installed = await firstOf(SYSTEM)
    if (installed !== null) return { kind: 'found', executable: installed }
  }
  return {
    kind: 'missing',
    message:
      'The browser tests need Chromium, and none was found or could be installed. ' +
      'Run "npx playwright install chromium", or install Chromium or Chrome, or set SYNCLINE_CHROMIUM to its path.',
  }
}

async function firstOf(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await isExecutable(path)) return path
  return null
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
