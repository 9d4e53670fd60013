import { addTestUser, type Project, projectFromSchema, setPatternKind } from '@/designer/model'
import type { Imported } from '@/designer/schema/import-result'
import { importSample } from '@/designer/schema/import-sample'
import { newProjectId, randomIds } from './ids'

export type Sample =
  | { readonly kind: 'made'; readonly project: Project; readonly startData: Uint8Array | null }
  | { readonly kind: 'failed'; readonly message: string }

/** What the office keeps and technicians only look up; they write everything else. */
const LOOKED_UP = ['companies', 'technicians', 'parts']

/** Two of its technicians, as whom a scope can be tried at once: their claim is their row's key. */
const TECHNICIANS = {
  'Karim Benali': 'ffc9d849-04de-48b0-8e47-b10b30b969f8',
  'Lea Sutter': '2550ff82-dd97-4019-9743-521807c35795',
}

/** The sample with every table on the device, so that its preview can be tried at once. */
export async function makeSample(): Promise<Sample> {
  const imported = await importSample()
  if (imported.kind === 'failed') return { kind: 'failed', message: imported.message }
  return { kind: 'made', project: sampleProject(imported), startData: imported.startData }
}

function sampleProject({ schema }: Imported): Project {
  const made = projectFromSchema({ schema, name: 'Field service', ids: randomIds })
  if (made.kind === 'refused') throw new Error(`The sample can't be made into a project: ${made.reason}`)
  const project = { ...made.project, id: newProjectId() }
  for (const entity of Object.values(project.localEntities)) {
    if (LOOKED_UP.includes(entity.name)) setPatternKind(project, entity.id, 'read-only-delta')
  }
  for (const [name, technician] of Object.entries(TECHNICIANS)) {
    addTestUser(project, { name, claims: { technician } }, randomIds)
  }
  return project
}
