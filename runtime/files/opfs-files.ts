/** Contents of files in the browser's own file system, each under its name. */
import type { FileStore } from '../contract/api'

/** The name of the content that is empty. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export async function openOpfsFiles(name: string): Promise<FileStore> {
  if (typeof globalThis.navigator?.storage?.getDirectory !== 'function')
    throw new Error(
      `opfs://${name} is in a browser's own file system, and there is none here. In Node, give the path of a folder instead; in a browser, open it in a page that came over https.`,
    )
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(`syncline-files-${name}`, { create: true })
  const find = async (file: string): Promise<File | null> => {
    try {
      const handle = await folder.getFileHandle(file)
      const there = await handle.getFile()
      // A file is made empty, and stays so where its writing was cut off.
      return there.size > 0 || file === EMPTY ? there : null
    } catch (error) {
      if (isNotFound(error)) return null
      throw error
    }
  }
  return {
    get: async (file) => {
      const there = await find(file)
      return there && new Uint8Array(await there.arrayBuffer())
    },
    size: async (file) => (await find(file))?.size ?? null,
    put: async (file, content) => {
      const handle = await folder.getFileHandle(file, { create: true })
      // What is written takes the file's place when it is closed, and not before.
      const writable = await handle.createWritable()
      await writable.write(content.slice())
      await writable.close()
    },
    remove: async (file) => {
      try {
        await folder.removeEntry(file)
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    },
    names: async () => {
      const names: string[] = []
      for await (const file of folder.keys()) names.push(file)
      return names
    },
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError'
}
