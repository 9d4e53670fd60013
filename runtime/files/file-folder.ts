/** Contents of files as files of a folder, each under its name. For Node. */
import type { FileStore } from '../contract/api'

/** What is written is called so until it is whole. */
const UNFINISHED = '.part'

export async function openFileFolder(folder: string): Promise<FileStore> {
  // Not imported: who makes a browser's bundle of this has no such modules.
  const files = typeof process === 'object' ? process.getBuiltinModule?.('node:fs/promises') : undefined
  if (!files) throw new Error(`There are no folders here to keep files in. Give opfs://name instead of "${folder}".`)
  const { mkdir, open, readdir, readFile, rename, rm, stat } = files
  const join = (place: string, name: string) => `${place}/${name}`
  await mkdir(folder, { recursive: true })
  const left = (await readdir(folder)).filter((name) => name.endsWith(UNFINISHED))
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
  const names = async () => (await readdir(folder)).filter((name) => /^[\da-f]{64}$/.test(name))
  let parts = 0
  const ifThere = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
  }
  return {
    get: (name) =>
      ifThere(
        readFile(join(folder, name)).then(
          (content) => new Uint8Array(content.buffer, content.byteOffset, content.length),
        ),
      ),
    size: (name) => ifThere(stat(join(folder, name)).then(({ size }) => size)),
    put: async (name, content) => {
      const part = join(folder, `${name}.${process.pid}.${parts++}${UNFINISHED}`)
      const file = await open(part, 'w')
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(part, join(folder, name))
    },
    remove: (name) => rm(join(folder, name), { force: true }),
    names,
  }
}
