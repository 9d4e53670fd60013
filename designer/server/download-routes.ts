import { FILE_EXTENSION, serializeProject } from '@/designer/model'
import type { Application } from './application'
import { bundleZip } from './bundle-zip'
import { processApplication } from './process-application'
import type { StoredProject } from './project-store'
import { guarded } from './same-origin'

interface IdParams {
  readonly params: Promise<{ readonly id: string }>
}

type Answer = (stored: StoredProject, application: Application, request: Request, id: string) => Promise<Response>

/** A route on one project, which it is given by the `[id]` of its address. */
const onProject = (answer: Answer) =>
  guarded(async (request: Request, { params }: IdParams) => {
    const { id } = await params
    const application = await processApplication()
    const stored = await application.projects.get(id)
    if (stored !== null) return answer(stored, application, request, id)
    return Response.json(
      { kind: 'failed', message: `There is no project ${id}: it was removed, or the address is wrong.` },
      { status: 404 },
    )
  })

/** `GET /api/project-file/[id]` */
export const projectFileRoute = onProject(async ({ project }) =>
  download(serializeProject(project), `${fileName(project.name)}${FILE_EXTENSION}`, 'application/json; charset=utf-8'),
)

/** `GET /api/export/[id]`: the files of `bundle.build`, or 422 with the diagnostics. */
export const exportRoute = onProject(async ({ project }, { bundles }) => {
  const built = await bundles.build(project)
  if (built.kind === 'has-errors') return Response.json(built, { status: 422 })
  const response = download(bundleZip(built.files), `${fileName(project.name)}.zip`, 'application/zip')
  response.headers.set('x-bundle-hash', built.hash)
  return response
})

/** `GET /api/start-data/[id]`: what the preview's server starts from, a gzipped PGlite data directory. */
export const startDataRoute = onProject(async ({ project }, { startData }, request, id) => {
  const etag = `"${await startData.version(id, project)}"`
  const headers = { etag, 'cache-control': 'private, no-cache', 'content-type': 'application/gzip' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  const bytes = await startData.bytes(id, project)
  return new Response(new Uint8Array(bytes), { headers })
})

function download(content: string | Uint8Array<ArrayBuffer>, name: string, type: string): Response {
  return new Response(content, {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    },
  })
}

/** The project's name as a file name that every system takes. */
export const fileName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'project'
