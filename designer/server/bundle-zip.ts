import { strToU8, zipSync } from 'fflate'
import type { BundleFile } from './bundle-builder'

/** The earliest time that a zip can hold, in local time as the format wants it: equal files, equal zips. */
const NO_TIME = new Date(1980, 0, 1)

export function bundleZip(files: readonly BundleFile[]): Uint8Array<ArrayBuffer> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const entries = Object.fromEntries(sorted.map(({ path, text }) => [path, strToU8(text)]))
  return new Uint8Array(zipSync(entries, { level: 6, mtime: NO_TIME }))
}
