/**
 * Imports a bundle's file as it is, byte for byte, and says what was imported.
 *
 * The text becomes a blob and the blob's URL is imported: the worker's policy lets code come from nowhere else.
 */

import type { PGlite } from '@electric-sql/pglite'
import type { Bundle, CreateDevice, CreateServer, Storage, Transport } from '@syncline/runtime/contract'
import type { HttpTransportOptions } from '@syncline/runtime/transport'

type OpenPGlite = (target: string, options: { readonly pglite: PGlite }) => Promise<Storage>
type WithoutBundle<Create> = Create extends (bundle: Bundle, options: infer Options) => infer Result
  ? (options: Options) => Result
  : never

/** What `device.js` exports, of which the preview uses this. */
export interface DeviceModule {
  readonly createDevice: WithoutBundle<CreateDevice>
  readonly openPGlite: OpenPGlite
  readonly bundle: Bundle
  readonly httpTransport: (url: string, options: HttpTransportOptions) => Transport
}

/** What `server.js` exports, of which the preview uses this. */
export interface ServerModule {
  readonly createServer: WithoutBundle<CreateServer>
  readonly openPGlite: OpenPGlite
  readonly bundle: Bundle
}

export interface LoadedBundle<Module> {
  readonly module: Module
  readonly sha256: string
}

/** Imports `source`; rejects when it doesn't export all of `names`. */
export async function loadBundle<Module>(
  file: string,
  source: string,
  names: readonly (keyof Module & string)[],
): Promise<LoadedBundle<Module>> {
  const bytes = new TextEncoder().encode(source)
  const url = URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }))
  try {
    const imported: unknown = await import(/* @vite-ignore */ url)
    if (!hasFunctions<Module>(imported, names)) {
      throw new Error(`${file} of the bundle doesn't export ${names.join(', ')}. Rebuild the bundle.`)
    }
    return { module: imported, sha256: await sha256Of(bytes) }
  } finally {
    URL.revokeObjectURL(url)
  }
}

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
