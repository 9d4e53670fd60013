/**
 * Where a device keeps the contents of files: beside its tables, by name, each content once.
 *
 * Invariant: a content is there whole or not at all, whenever the process ends.
 */
import type { FileStore } from '../contract/api'
import { assertPlace } from '../storage/assert-place'
import { openFileFolder } from './file-folder'
import { openMemoryFiles } from './memory-files'
import { openOpfsFiles } from './opfs-files'

/**
 * Opens `memory://`, `opfs://name` (browsers) or a folder (Node), which is made where it is not there.
 * A place is one device's: what no row of it names is removed from there.
 */
export async function openFiles(target = 'memory://'): Promise<FileStore> {
  assertPlace(
    'openFiles',
    target,
    ['memory', 'opfs'],
    "memory://, opfs://name in a browser, or a folder's path in Node",
  )
  if (target === 'memory://') return openMemoryFiles()
  return target.startsWith('opfs://') ? openOpfsFiles(target.slice('opfs://'.length)) : openFileFolder(target)
}
