/**
 * Imports a bundle's file and says what was imported.
 *
 * The text becomes a blob and the blob's URL is imported: the worker's policy lets code come from nowhere else. A blob has
 * no neighbours, so that the addresses of the files beside it, which it loads when it needs them, are put in as those of
 * blobs too; all else is imported byte for byte.
 */

import type { PGlite } from '@electric-sql/pglite'
import type {
  Bundle,
  CreateDevice,
  CreateServer,
  Database,
  FileStore,
  Storage,
  Transport,
} from '@syncline/runtime/contract'
import type { HttpTransportOptions } from '@syncline/runtime/transport'

type OpenPGlite<Opened> = (target: string, options: { readonly pglite: PGlite }) => Promise<Opened>
type WithoutBundle<Create> = Create extends (bundle: Bundle, options: infer Options) => infer Result
  ? (options: Options) => Result
  : never

/** What `device.js` exports, of which the preview uses this. */
export interface DeviceModule {
  readonly createDevice: WithoutBundle<CreateDevice>
  readonly openPGlite: OpenPGlite<Storage>
  /** Missing in a bundle that was compiled before there were files. */
  readonly openFiles?: (target: string) => Promise<FileStore>
  readonly bundle: Bundle
  readonly httpTransport: (url: string, options: HttpTransportOptions) => Transport
}

/** What `server.js` exports, of which the preview uses this. */
export interface ServerModule {
  readonly createServer: WithoutBundle<CreateServer>
  readonly openPGlite: OpenPGlite<Database>
  readonly bundle: Bundle
}

/** A file beside the one that is imported. */
export interface BundlePart {
  readonly path: string
  readonly text: string
}

export interface LoadedBundle<Module> {
  readonly module: Module
  readonly sha256: string
}

/** Imports `source`, which may load `parts` later; rejects when it doesn't export all of `names`. */
export async function loadBundle<Module>(
  file: string,
  source: string,
  names: readonly (keyof Module & string)[],
  parts: readonly BundlePart[] = [],
): Promise<LoadedBundle<Module>> {
  // The parts' URLs stay, because nobody knows when they will be loaded.
  const linked = parts.reduce(
    (text, part) => text.replaceAll(JSON.stringify(`./${part.path}`), JSON.stringify(blobUrl(part.text))),
    source,
  )
  const url = blobUrl(linked)
  try {
    const imported: unknown = await import(/* @vite-ignore */ url)
    if (!hasFunctions<Module>(imported, names)) {
      throw new Error(`${file} of the bundle doesn't export ${names.join(', ')}. Rebuild the bundle.`)
    }
    return { module: imported, sha256: await sha256Of(new TextEncoder().encode(source)) }
  } finally {
    URL.revokeObjectURL(url)
  }
}

const blobUrl = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))

function hasFunctions<Module>(imported: unknown, names: readonly string[]): imported is Module {
  return (
    typeof imported === 'object' &&
    imported !== null &&
    names.every((name) => typeof Reflect.get(imported, name) === 'function')
  )
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
