import { createHash } from 'node:crypto'
import { compile, type Diagnostic } from '@/designer/compiler'
import { linkBundle } from '@/designer/compiler/link'
import { type Project, serializeProject } from '@/designer/model'

export interface BundleFile {
  readonly path: string
  readonly text: string
}

export type BuildResult =
  | {
      readonly kind: 'built'
      /** Of all files together: equal bundles, equal hashes. */
      readonly hash: string
      readonly files: readonly BundleFile[]
      /** Warnings and hints. */
      readonly diagnostics: readonly Diagnostic[]
    }
  | { readonly kind: 'has-errors'; readonly diagnostics: readonly Diagnostic[] }

/** The one way from a project to a bundle, for preview, export and command line. `runtimeDir` has the runtime's sources. */
export async function buildBundle(project: Project, runtimeDir: string): Promise<BuildResult> {
  const { diagnostics, files: sources, summary } = compile(project)
  if (sources === null || summary === null) return { kind: 'has-errors', diagnostics }
  const { files, hash } = await linkBundle({ files: sources, summary, runtimeDir })
  return { kind: 'built', hash, files, diagnostics }
}

export interface BundleBuilder {
  readonly build: (project: Project) => Promise<BuildResult>
}

/** Enough for the projects that are open at once; a bundle is some hundred kilobytes. */
const KEPT_BUNDLES = 8

/** Builds each state of a project once, however often it is asked for. */
export function createBundleBuilder(runtimeDir: string): BundleBuilder {
  const kept = new Map<string, Promise<BuildResult>>()
  return {
    build: (project) => {
      const key = createHash('sha256').update(serializeProject(project)).digest('hex')
      const build = kept.get(key) ?? buildBundle(project, runtimeDir)
      // Put in again, so that the first one is always the one that was used longest ago.
      kept.delete(key)
      kept.set(key, build)
      build.catch(() => kept.delete(key))
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT_BUNDLES) break
        kept.delete(oldest)
      }
      return build
    },
  }
}
