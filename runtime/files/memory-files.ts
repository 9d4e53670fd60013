/** Contents of files for as long as the process lives: for tests, and for devices whose rows are in memory too. */
import type { FileStore } from '../contract/api'

export function openMemoryFiles(): FileStore {
  const contents = new Map<string, Uint8Array>()
  return {
    get: async (name) => contents.get(name)?.slice() ?? null,
    size: async (name) => contents.get(name)?.length ?? null,
    put: async (name, content) => {
      contents.set(name, content.slice())
    },
    remove: async (name) => {
      contents.delete(name)
    },
    names: async () => [...contents.keys()],
  }
}
