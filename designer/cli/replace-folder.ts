import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

export interface OutputFile {
  readonly path: string
  readonly text: string
}

export type ReplaceResult = { readonly kind: 'written' } | { readonly kind: 'refused'; readonly message: string }

/**
 * Makes the folder hold exactly these files. They are written beside it and moved into place when they
 * are complete, so that whoever reads the folder sees the earlier bundle or the new one, never a mixture.
 */
export async function replaceFolder(
  folder: string,
  files: readonly OutputFile[],
  force: boolean,
): Promise<ReplaceResult> {
  const target = resolve(folder)
  try {
    const refusal = force ? null : await whyNotReplace(target, folder)
    if (refusal !== null) return { kind: 'refused', message: refusal }
    await mkdir(dirname(target), { recursive: true })
    const fresh = await mkdtemp(join(dirname(target), `.${basename(target)}-`))
    try {
      await writeAll(fresh, files)
      // mkdtemp makes folders that only their owner can read.
      await chmod(fresh, 0o755)
      await swap(fresh, target)
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
async function whyNotReplace(target: string, folder: string): Promise<string | null> {
  const found = await stat(target).catch(() => null)
  if (found === null) return null
  if (!found.isDirectory()) return `${folder} is a file. Give a folder with --out.`
  const entries = await readdir(target)
  if (entries.length === 0 || entries.includes('manifest.json')) return null
  return `${folder} holds other files and no earlier bundle. Choose an empty folder, or add --force to replace it.`
}

async function writeAll(folder: string, files: readonly OutputFile[]): Promise<void> {
  for (const { path, text } of files) {
    const place = join(folder, path)
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, text)
  }
}

async function swap(fresh: string, target: string): Promise<void> {
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
