import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StartError } from '@/designer/server/start-error'

/** What a build is made from. Tests and the command line are in it too: rebuilding once too often does no harm. */
const SOURCES = ['app', 'designer', 'preview', 'runtime']
const SINGLE_FILES = ['next.config.ts', 'package-lock.json', 'package.json', 'postcss.config.mjs', 'instrumentation.ts']
const NOT_BUILT = /\.test\.tsx?$|(^|\/)(e2e|samples|cli)(\/|$)|\.md$/

export interface BuildPlace {
  readonly root: string
  readonly distDirectory: string
  readonly signal: AbortSignal
}

/** Builds what is served, unless the last build was made from the same sources. */
export async function ensureBuild(place: BuildPlace, say: (line: string) => void): Promise<void> {
  const stampFile = join(place.root, place.distDirectory, 'sources.sha256')
  const stamp = await sourcesStamp(place.root)
  const last = await readFile(stampFile, 'utf8').catch(() => null)
  if (last === stamp) return
  say('Building Syncline. The first time takes about a minute …')
  await buildPreviewAssets(place)
  await run(place, [nextCommand(place.root), 'build'])
  await writeFile(stampFile, stamp)
}

/** The preview's files are made by a process of their own: the designer doesn't import the preview. */
export function buildPreviewAssets(place: BuildPlace): Promise<void> {
  return run(place, ['--import', 'tsx', join('preview', 'build-assets.ts')])
}

export const nextCommand = (root: string): string =>
  createRequire(join(root, 'package.json')).resolve('next/dist/bin/next')

export async function sourcesStamp(root: string): Promise<string> {
  const hash = createHash('sha256').update(`node ${process.versions.node.split('.')[0]}\n`)
  const files = (await Promise.all(SOURCES.map((folder) => filesBelow(root, folder)))).flat()
  for (const file of [...files.sort(), ...SINGLE_FILES]) {
    const content = await readFile(join(root, file)).catch(() => null)
    hash.update(`${file} ${content?.length ?? 'absent'}\n`).update(content ?? '')
  }
  return hash.digest('hex')
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !NOT_BUILT.test(path) && !path.includes('node_modules'))
}

/** Runs Node on `args` and shows what it printed only where it failed. */
function run({ root, signal }: BuildPlace, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    })
    const output: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => output.push(part))
    child.stderr.on('data', (part: Buffer) => output.push(part))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) return resolve()
      const printed = Buffer.concat(output).toString().trim()
      reject(
        new StartError(
          `${printed}\n\nSyncline could not be built; the reason is above. If files are missing, run npm ci.`,
        ),
      )
    })
  })
}
