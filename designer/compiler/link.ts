/**
 * Links the compiler's text with the runtime into the files that are imported: `device.js`, with its storages beside it,
 * and `server.js`, and lists all files with their hashes in the manifest. For Node, because it uses the native bundler.
 *
 *   files of compile() ─┐
 *   runtime/client ─────┤             device.js ──┐
 *   runtime/storage ────┼─► esbuild ─► device-*.js ┼─► manifest.json ─► hash
 *   runtime/server ─────┘   with maps, server.js ─┘
 *
 * Invariants
 * - Deterministic: the same text and the same runtime give the same bytes, wherever the checkout is.
 * - The database packages stay outside: they are reached only by dynamic import when a database is opened.
 * - `hash` covers the manifest and through it every file, so that equal hashes mean equal bundles.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { BUNDLE_VERSION } from '@syncline/runtime/contract'
import { build, type ImportKind, type OnResolveResult, type Plugin } from 'esbuild'
import type { CompileSummary } from './compile'

export interface LinkInput {
  /** What `compile` made. */
  readonly files: readonly BundleFile[]
  readonly summary: Pick<CompileSummary, 'projectId' | 'projectName' | 'schemaHash'>
  /** The folder of the runtime's sources. */
  readonly runtimeDir: string
}

export interface BundleFile {
  readonly path: string
  readonly text: string
}

export interface LinkedBundle {
  /** All files of the bundle, by path. */
  readonly files: readonly BundleFile[]
  /** SHA-256 of the manifest, in hex. */
  readonly hash: string
}

/** Opened by the app, never part of the bundle. */
const PEERS = ['@electric-sql/pglite', '@sqlite.org/sqlite-wasm', 'better-sqlite3', 'postgres', 'node:*']

/**
 * What not every device needs is a file of its own, which is loaded when it is asked for: the storages, of which an app
 * opens one, encryption, files and where they are kept, merging, conflicts, quarantine, what is chosen on demand,
 * comparing all rows, digests for a storage that computes none itself, and the words of errors that tell of a wrong use. By the module of the
 * runtime, wherever it is imported dynamically.
 */
const PARTS: Readonly<Record<string, string>> = {
  'storage/pglite': 'device-pglite.js',
  'storage/sqlite/open-sqlite': 'device-sqlite.js',
  'storage/memory/open-memory': 'device-memory.js',
  'storage/encrypted-tables': 'device-encryption.js',
  'client/files/device-files': 'device-files.js',
  'files/open-files': 'device-file-stores.js',
  'client/rare-errors': 'device-errors.js',
  'client/verify': 'device-verify.js',
  'core/digest': 'device-digest.js',
  'core/merge-value': 'device-merge.js',
  'storage/device-store/demand': 'device-demand.js',
  'storage/device-store/conflicts': 'device-conflicts.js',
  'storage/device-store/quarantine': 'device-quarantine.js',
}

const ENTRIES: Readonly<Record<string, string>> = {
  'device.js': `import { createDevice as create } from 'runtime/client/index'
import { httpTransport } from 'runtime/transport/index'
export { DifferentUserError, EntityError, IncompatibleStoreError, PendingEditsError, SyncFailure } from 'runtime/client/index'
import { bundle } from 'bundle/src/bundle.js'
export const createDevice = (options) => create(bundle, options)
export const openPGlite = async (...given) => (await import('runtime/storage/pglite')).openPGlite(...given)
export const openSqlite = async (...given) => (await import('runtime/storage/sqlite/open-sqlite')).openSqlite(...given)
export const openMemory = async (...given) => (await import('runtime/storage/memory/open-memory')).openMemory(...given)
export const openFiles = async (...given) => (await import('runtime/files/open-files')).openFiles(...given)
export { bundle, httpTransport }
`,
  'server.js': `import { createServer as create } from 'runtime/server/index'
import { nodeListener } from 'runtime/server/node-listener'
import { openPGlite } from 'runtime/storage/pglite'
import { openPostgres } from 'runtime/storage/postgres'
import { bundle } from 'bundle/src/bundle.js'
export const createServer = (options) => create(bundle, options)
export { bundle, nodeListener, openPGlite, openPostgres }
`,
  ...Object.fromEntries(Object.entries(PARTS).map(([module, file]) => [file, `export * from 'runtime/${module}'\n`])),
}

export async function linkBundle({ files, summary, runtimeDir }: LinkInput): Promise<LinkedBundle> {
  const sources = [...files.map(({ path, text }) => ({ path, text })), ...(await contractCopies(runtimeDir))]
  const linked = await Promise.all(Object.keys(ENTRIES).map((name) => linkEntry(name, sources, runtimeDir)))
  const all = [...sources, ...linked.flat()].sort((a, b) => (a.path < b.path ? -1 : 1))
  const manifest = {
    bundleVersion: BUNDLE_VERSION,
    projectId: summary.projectId,
    projectName: summary.projectName,
    schemaHash: summary.schemaHash,
    files: Object.fromEntries(all.map(({ path, text }) => [path, sha256(text)])),
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  return { files: [...all, { path: 'manifest.json', text }], hash: sha256(text) }
}

/** The contract's types travel with the bundle, so that its sources say all by themselves. */
async function contractCopies(runtimeDir: string): Promise<BundleFile[]> {
  const copies = ['api.ts', 'bundle.ts', 'storage.ts', 'values.ts'].map(async (name) => ({
    path: `src/runtime/${name}`,
    // A published package names its files whole; the runtime's own sources do not have to.
    text: (await readFile(join(runtimeDir, 'contract', name), 'utf8')).replace(/from '(\.\/\w+)'/g, "from '$1.js'"),
  }))
  return Promise.all(copies)
}

/** The file, and its map where it is not to be read as it is. */
async function linkEntry(name: string, sources: readonly BundleFile[], runtimeDir: string): Promise<BundleFile[]> {
  const root = dirname(resolve(runtimeDir))
  const isDevice = name.startsWith('device')
  const result = await build({
    stdin: { contents: ENTRIES[name] ?? '', resolveDir: root, sourcefile: name, loader: 'js' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import', 'module'],
    external: PEERS,
    charset: 'utf8',
    // A device loads it over the network, where a third of it is names. The server's stays as it is, to be read.
    minify: isDevice,
    sourcemap: isDevice ? 'linked' : false,
    outfile: join(root, name),
    legalComments: 'inline',
    logLevel: 'silent',
    // The nearest tsconfig could change what is emitted; the bundle depends on the sources alone.
    tsconfigRaw: {},
    plugins: [bundleSources(sources, resolve(runtimeDir))],
  })
  const textOf = (path: string) => result.outputFiles.find((file) => file.path === join(root, path))?.text ?? ''
  const linked = { path: name, text: portablePaths(textOf(name)) }
  const map = `${name}.map`
  return isDevice ? [linked, { path: map, text: portableMap(textOf(map)) }] : [linked]
}

/** Resolves `bundle/…` to the generated text and `runtime/…` to the runtime's sources. */
function bundleSources(sources: readonly BundleFile[], runtimeDir: string): Plugin {
  const textOf = new Map(sources.map(({ path, text }) => [path, text]))
  return {
    name: 'bundle-sources',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^bundle\// }, ({ path }) => ({
        path: path.slice('bundle/'.length).replace(/\.js$/, '.ts'),
        namespace: 'bundle',
      }))
      esbuild.onResolve({ filter: /^\.\//, namespace: 'bundle' }, ({ path, importer }) => ({
        path: join(dirname(importer), path).replace(/\.js$/, '.ts').replaceAll('\\', '/'),
        namespace: 'bundle',
      }))
      esbuild.onLoad({ filter: /.*/, namespace: 'bundle' }, ({ path }) => {
        const contents = textOf.get(path)
        return contents === undefined
          ? { errors: [{ text: `The bundle has no file ${path}.` }] }
          : { contents, loader: 'ts' }
      })
      esbuild.onResolve({ filter: /^runtime\// }, ({ path, kind }) => {
        const module = path.slice('runtime/'.length)
        return partOf(module, kind) ?? { path: `${join(runtimeDir, module)}.ts` }
      })
      esbuild.onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) =>
        partOf(relative(runtimeDir, join(resolveDir, path)).replaceAll('\\', '/'), kind),
      )
    },
  }
}

/** A file beside the one that is made, where the module is a part that is loaded when it is asked for. */
function partOf(module: string, kind: ImportKind): OnResolveResult | null {
  const file = kind === 'dynamic-import' ? PARTS[module] : undefined
  return file === undefined ? null : { path: `./${file}`, external: true }
}

/** The bundler notes where each part came from; packages may lie beside the runtime or above it. */
const portablePaths = (text: string): string => text.replace(/^(\/\/ ).*?(node_modules\/)/gm, '$1$2')

/** Sources are named as the bundle and the packages name them; their text comes along, so that no tool looks for them. */
function portableMap(text: string): string {
  const map = JSON.parse(text) as { sources: string[] }
  const sources = map.sources.map((source) => source.replace(/^.*?(node_modules\/)/, '$1').replace(/^bundle:/, ''))
  return `${JSON.stringify({ ...map, sources })}\n`
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
