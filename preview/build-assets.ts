/**
 * Makes what the preview's workers are started from, in `public/preview/`: the worker's one script,
 * PGlite's wasm and file system, and an initialised empty data directory, so that no worker runs initdb.
 *
 * Names carry a hash of the content and `manifest.json` names them together: a cache can be late but
 * can't mix two versions. Run before `next dev` and `next build`; does nothing when all is up to date.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { build, type Plugin } from 'esbuild'
import type { PreviewAssetsManifest } from './assets-manifest'

const HERE = dirname(fileURLToPath(import.meta.url))
const packages = createRequire(import.meta.url)
const PGLITE_DIST = dirname(packages.resolve('@electric-sql/pglite'))
/** The folders with the libraries of extensions; an import may have used any of them. */
const EXTENSION_DIRECTORIES = [PGLITE_DIST, dirname(packages.resolve('@electric-sql/pglite-pgvector'))]

export interface PreviewAssetsResult {
  readonly kind: 'built' | 'up-to-date'
  readonly manifest: PreviewAssetsManifest
}

/** Writes the assets to `outDir` and removes those of earlier versions. */
export async function buildPreviewAssets({ outDir }: { readonly outDir: string }): Promise<PreviewAssetsResult> {
  await mkdir(outDir, { recursive: true })
  const earlier = await readManifest(outDir)
  const worker = await bundleWorker()
  const pgliteWasm = await readFile(join(PGLITE_DIST, 'pglite.wasm'))
  const initdbWasm = await readFile(join(PGLITE_DIST, 'initdb.wasm'))
  const fileSystem = await readFile(join(PGLITE_DIST, 'pglite.data'))
  const extensions = await readExtensions()
  const version = sha256(Buffer.concat([worker, pgliteWasm, initdbWasm, fileSystem, ...extensions.values()]))
  if (earlier?.version === version && (await hasAll(outDir, earlier))) return { kind: 'up-to-date', manifest: earlier }

  const dataDirectory = await emptyDataDirectory()
  const files: PreviewAssetsManifest = {
    version,
    worker: await writeHashed(outDir, 'preview-worker', 'js', worker),
    pgliteWasm: await writeHashed(outDir, 'pglite', 'wasm', pgliteWasm),
    initdbWasm: await writeHashed(outDir, 'initdb', 'wasm', initdbWasm),
    fileSystem: await writeHashed(outDir, 'pglite', 'data', fileSystem),
    emptyDataDirectory: await writeHashed(outDir, 'empty-pgdata', 'tar.gz', dataDirectory),
    extensions: {},
  }
  const written = [...extensions].map(async ([name, library]) => [
    name,
    await writeHashed(outDir, `extension-${name}`, 'tar.gz', library),
  ])
  const manifest: PreviewAssetsManifest = { ...files, extensions: Object.fromEntries(await Promise.all(written)) }
  await writeFile(join(outDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await removeOthers(outDir, manifest)
  return { kind: 'built', manifest }
}

async function bundleWorker(): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [join(HERE, 'device', 'worker.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    // A worker of type module has import.meta.url; PGlite forms URLs from it that are never fetched, as it is given all parts.
    plugins: [stubNodeBuiltins],
    logLevel: 'silent',
  })
  const output = result.outputFiles[0]
  if (!output)
    throw new Error('The preview worker could not be bundled: esbuild gave no output. Run npm ci and try again.')
  return output.contents
}

/** PGlite imports Node's modules on paths that a browser never takes; left unresolved they end the worker without a word. */
const stubNodeBuiltins: Plugin = {
  name: 'stub-node-builtins',
  setup: ({ onResolve, onLoad }) => {
    const names =
      /^(node:)?(fs|path|url|util|module|crypto|os|stream|worker_threads|child_process|perf_hooks)(\/promises)?$/
    onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'node-stub' }))
    onLoad({ filter: /.*/, namespace: 'node-stub' }, () => ({ contents: 'module.exports = {}' }))
  },
}

async function emptyDataDirectory(): Promise<Uint8Array> {
  const database = await PGlite.create()
  try {
    const dump = await database.dumpDataDir('gzip')
    return new Uint8Array(await dump.arrayBuffer())
  } finally {
    await database.close()
  }
}

async function readExtensions(): Promise<ReadonlyMap<string, Uint8Array>> {
  const libraries = new Map<string, Uint8Array>()
  for (const directory of EXTENSION_DIRECTORIES) {
    for (const file of (await readdir(directory)).sort()) {
      if (file.endsWith('.tar.gz')) libraries.set(file.replace(/\.tar\.gz$/, ''), await readFile(join(directory, file)))
    }
  }
  return libraries
}

async function writeHashed(outDir: string, name: string, extension: string, content: Uint8Array): Promise<string> {
  const file = `${name}.${sha256(content).slice(0, 12)}.${extension}`
  await writeFile(join(outDir, file), content)
  return file
}

async function readManifest(outDir: string): Promise<PreviewAssetsManifest | null> {
  try {
    return JSON.parse(await readFile(join(outDir, 'manifest.json'), 'utf8')) as PreviewAssetsManifest
  } catch {
    return null
  }
}

async function hasAll(outDir: string, manifest: PreviewAssetsManifest): Promise<boolean> {
  const present = new Set(await readdir(outDir))
  return filesOf(manifest).every((file) => present.has(file))
}

const filesOf = ({ version: _, extensions, ...files }: PreviewAssetsManifest): string[] => [
  ...Object.values(files),
  ...Object.values(extensions),
]

async function removeOthers(outDir: string, manifest: PreviewAssetsManifest): Promise<void> {
  const wanted = new Set<string>([...filesOf(manifest), 'manifest.json'])
  for (const file of await readdir(outDir)) if (!wanted.has(file)) await rm(join(outDir, file), { recursive: true })
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { kind, manifest } = await buildPreviewAssets({ outDir: join(HERE, '..', 'public', 'preview') })
  console.log(`Preview assets ${kind === 'built' ? 'built' : 'are up to date'} (${manifest.version.slice(0, 12)}).`)
}
