import { createHash } from 'node:crypto'
import { compile, type Diagnostic, hasErrors } from '@/designer/compiler'
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

/** Says what PostgreSQL refuses of a project's SQL. */
export type CheckSql = (project: Project) => Promise<readonly Diagnostic[]>

/** The one way from a project to a bundle, for preview, export and command line. `runtimeDir` has the runtime's sources. */
export async function buildBundle(project: Project, runtimeDir: string, checkSql: CheckSql): Promise<BuildResult> {
  const { diagnostics: own, files: sources, summary } = compile(project)
  const diagnostics = [...own, ...(await checkSql(project))]
  if (sources === null || summary === null || hasErrors(diagnostics)) return { kind: 'has-errors', diagnostics }
  const { files, hash } = await linkBundle({ files: sources, summary, runtimeDir })
  return { kind: 'built', hash, files, diagnostics }
}

export interface BundleBuilder {
  readonly build: (project: Project) => Promise<BuildResult>
}

/** Enough for the projects that are open at once; a bundle is some hundred kilobytes. */
const KEPT_BUNDLES = 8

/** Builds each state of a project once, however often it is asked for. */
export function createBundleBuilder(runtimeDir: string, checkSql: CheckSql): BundleBuilder {
  const kept = new Map<string, Promise<BuildResult>>()
  return {
    build: (project) => {
      const key = createHash('sha256').update(serializeProject(project)).digest('hex')
      const build = kept.get(key) ?? buildBundle(project, runtimeDir, checkSql)
      // Put in again, so that the first one is always the one that was used longest ago.
      kept.delete(key)
      kept.set(key, build)
      // Where PostgreSQL could not be asked, the next build asks again.
      build.then(
        ({ diagnostics }) => diagnostics.some(({ code }) => code === 'SL1005') && kept.delete(key),
        () => kept.delete(key),
      )
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT_BUNDLES) break
        kept.delete(oldest)
      }
      return build
    },
  }
}
