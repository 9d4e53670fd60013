import { chmod, lstat, mkdir, mkdtemp, readdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { MANIFEST, type Manifest, readManifest } from './earlier-bundle'

export interface OutputFile {
  readonly path: string
  readonly text: string
}

export type ReplaceResult = { readonly kind: 'written' } | { readonly kind: 'refused'; readonly message: string }

/**
 * Puts a bundle into the folder. All files are written beside it first, and moved when they are complete.
 *
 * - A folder without a bundle is replaced as a whole, if it is empty or `force` is given.
 * - Of an earlier bundle, the files that its manifest lists are replaced. All others are somebody else's,
 *   with `force` too: they stay where they are at every moment, so that no interruption can lose them.
 */
export async function replaceFolder(
  folder: string,
  files: readonly OutputFile[],
  force: boolean,
): Promise<ReplaceResult> {
  try {
    const target = await realpath(folder).catch(() => resolve(folder))
    const earlier = await readManifest(target)
    const refusal = force ? null : await whyNotReplace(target, folder, earlier, files)
    if (refusal !== null) return { kind: 'refused', message: refusal }
    await mkdir(dirname(target), { recursive: true })
    const fresh = await mkdtemp(join(dirname(target), `.${basename(target)}-`))
    try {
      await writeAll(fresh, files)
      if (earlier === null) await swap(fresh, target)
      else await update(fresh, target, earlier, files)
    } finally {
      await rm(fresh, { recursive: true, force: true })
    }
    return { kind: 'written' }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return { kind: 'refused', message: `${folder} can't be written (${said}). Choose another folder with --out.` }
  }
}

/** Only an earlier bundle, or nothing, is replaced without being asked. */
async function whyNotReplace(
  target: string,
  folder: string,
  earlier: Manifest | null,
  files: readonly OutputFile[],
): Promise<string | null> {
  const found = await stat(target).catch(() => null)
  if (found === null) return null
  if (!found.isDirectory()) return `${folder} is a file. Give a folder with --out.`
  if (earlier === null) {
    if ((await readdir(target)).length === 0) return null
    return `${folder} holds other files and no earlier bundle. Choose an empty folder, or add --force to replace it.`
  }
  for (const { path } of files) {
    if (path === MANIFEST || Object.hasOwn(earlier.files, path) || !(await isFile(join(target, path)))) continue
    return `${join(folder, path)} is not of the earlier bundle, and the new one has a file of this name. Move it, or add --force to overwrite it.`
  }
  return null
}

const isFile = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  )

async function writeAll(folder: string, files: readonly OutputFile[]): Promise<void> {
  for (const { path, text } of files) {
    const place = join(folder, path)
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, text)
  }
}

async function swap(fresh: string, target: string): Promise<void> {
  // mkdtemp makes folders that only their owner can read.
  await chmod(fresh, 0o755)
  const old = `${fresh}-old`
  const moved = await rename(target, old).then(
    () => true,
    () => false,
  )
  try {
    await rename(fresh, target)
  } catch (error) {
    if (moved) await rename(old, target)
    throw error
  }
  await rm(old, { recursive: true, force: true })
}

/**
 * Moves the new files in, one by one and each whole. Until the last, the manifest lists the files of both
 * bundles: should this be cut off, the next time knows all of them for a bundle's and puts them right.
 */
async function update(fresh: string, target: string, earlier: Manifest, files: readonly OutputFile[]): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path).filter((path) => path !== MANIFEST))
  // The hashes of the new files are not needed here: this manifest is never one to trust.
  const both = { ...Object.fromEntries([...wanted].map((path) => [path, ''])), ...earlier.files }
  await writeFile(join(fresh, `${MANIFEST}.both`), JSON.stringify({ ...earlier, files: both }))
  await rename(join(fresh, `${MANIFEST}.both`), join(target, MANIFEST))
  // Before the new files come: where case makes no difference, an old name could be a new file's.
  for (const path of Object.keys(earlier.files)) if (!wanted.has(path)) await remove(target, path)
  for (const path of wanted) {
    await mkdir(dirname(join(target, path)), { recursive: true })
    await rename(join(fresh, path), join(target, path))
  }
  await rename(join(fresh, MANIFEST), join(target, MANIFEST))
}

/** Removes a file, and the folders that are empty without it. */
async function remove(target: string, path: string): Promise<void> {
  if (!(await isFile(join(target, path)))) return
  await rm(join(target, path))
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const removed = await rmdir(join(target, parent)).then(
      () => true,
      () => false,
    )
    if (!removed) return
  }
}
