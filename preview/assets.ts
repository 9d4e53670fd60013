/** Fetches and compiles, once for a page, what its workers start from. */
import type { PreviewAssetsManifest } from './assets-manifest'

export interface PreviewAssets {
  readonly workerUrl: string
  readonly pgliteModule: WebAssembly.Module
  readonly initdbModule: WebAssembly.Module
  readonly fileSystem: Blob
  readonly emptyDataDirectory: Blob
  /** The library of an extension of PostgreSQL, or null where there is none of that name. */
  readonly extension: (name: string) => Promise<Blob | null>
}

/** Loads the assets under `baseUrl`; rejects with what to do when they are missing or served without their policy. */
export async function loadPreviewAssets(baseUrl = '/preview/'): Promise<PreviewAssets> {
  const manifest = (await (await get(`${baseUrl}manifest.json`, 'no-cache')).json()) as PreviewAssetsManifest
  const workerUrl = baseUrl + manifest.worker
  const [, pgliteModule, initdbModule, fileSystem, emptyDataDirectory] = await Promise.all([
    checkPolicy(workerUrl),
    compile(baseUrl + manifest.pgliteWasm),
    compile(baseUrl + manifest.initdbWasm),
    get(baseUrl + manifest.fileSystem).then((response) => response.blob()),
    get(baseUrl + manifest.emptyDataDirectory).then((response) => response.blob()),
  ])
  const extension = async (name: string) => {
    const file = Object.hasOwn(manifest.extensions, name) ? manifest.extensions[name] : undefined
    return file === undefined ? null : (await get(baseUrl + file)).blob()
  }
  return { workerUrl, pgliteModule, initdbModule, fileSystem, emptyDataDirectory, extension }
}

/** A bundle may come from anybody: without the policy on the worker's response, nothing of it is run. */
async function checkPolicy(workerUrl: string): Promise<void> {
  const response = await get(workerUrl)
  const policy = (response.headers.get('content-security-policy') ?? '').split(';').map((directive) => directive.trim())
  const wanted = ["default-src 'none'", "connect-src 'none'", "worker-src 'none'"]
  const missing = wanted.filter((directive) => !policy.includes(directive))
  if (missing.length > 0) {
    throw new Error(
      `The preview's worker was served without ${missing.join(' and ')} in its content security policy, so it could ` +
        'reach the network. Nothing was started. Serve /preview/ with the headers of next.config.ts.',
    )
  }
}

async function compile(url: string): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(get(url))
}

async function get(url: string, cache: RequestCache = 'default'): Promise<Response> {
  const response = await fetch(url, { cache }).catch((cause: unknown) => {
    throw new Error(
      `${url} could not be loaded: the designer's server does not answer. Start it again and reload the page.`,
      { cause },
    )
  })
  if (!response.ok)
    throw new Error(
      `${url} could not be loaded (HTTP ${response.status}). Run npm start again; it builds the preview's files.`,
    )
  return response
}
