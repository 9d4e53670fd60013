import { z } from 'zod'
import { Project } from '@/designer/model/project'

/** What completion, hovering and checking in the editor go by: the schema that reading a file goes by. */
export function documentSchema(): Readonly<Record<string, unknown>> {
  const schema: Record<string, unknown> = { ...z.toJSONSchema(Project, { target: 'draft-7', io: 'input' }) }
  for (const [path, description] of Object.entries(DESCRIPTIONS)) describe(schema, path.split('.'), description)
  return schema
}

/** By field; `*` stands for any record, `|` for the variants of a union. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  format: 'The version of this document’s shape.',
  id: 'Never changes: devices and saved copies know the project by it.',
  name: 'What the project is called.',
  serverTypes: 'Enums and domains of the server’s schema.',
  serverEntities: 'Tables of the server’s schema, as they were imported.',
  localEntities: 'Tables on the device, each made of a server entity.',
  'localEntities.*.name': 'The table on the device.',
  'localEntities.*.root': 'The server entity that it is made of.',
  'localEntities.*.order': 'Its place among the others.',
  'localEntities.*.attributes': 'Columns on the device.',
  'localEntities.*.attributes.*.name': 'The column on the device.',
  'localEntities.*.attributes.*.source':
    'Where its values come from: `root`, a column of the root; `denormalised`, read along foreign keys; `computed`, an SQL expression over the row `b`.',
  'localEntities.*.attributes.*.sensitive': 'Encrypted at rest on the device.',
  'localEntities.*.attributes.*.readOnly': 'A device shows it and never sends it.',
  'localEntities.*.attributes.*.required': 'A device may not leave it empty, although the server may.',
  'localEntities.*.attributes.*.default':
    'What a new row has on the device, as an SQL constant; null for the server’s default.',
  'localEntities.*.attributes.*.transfer':
    '`on-demand`: pulled when the app asks for it, not with its row. `file`: its content travels beside the rows, which name it.',
  'localEntities.*.keyStrategy': 'Who makes the key of a new row: the device (uuid), the server (number), or the user.',
  'localEntities.*.scope': 'Which of the server’s rows a device holds.',
  'localEntities.*.writeScope': 'Which rows a session may write, of those in the scope; null for all of them.',
  'localEntities.*.direction': '`down`: the device only reads. `up`: it only sends.',
  'localEntities.*.pattern': 'How it syncs.',
  'localEntities.*.indexes': 'Indexes on the device besides that of the key.',
  syncUnits: 'What syncs together, and when.',
  'syncUnits.*.triggers': 'What makes the unit run by itself.',
  flows: 'The steps of each unit.',
  conflictHandlers: 'What decides a conflict.',
  actions: 'Code of your own, on the device or on the server.',
  scenarios: 'Runs of the preview that can be played again.',
  requirements: 'What the advice and the budget are computed from; null where nobody has said.',
  testUsers: 'Users as whom scopes are tried out.',
  acceptedFindings: 'Findings of the checklist that the team lives with, and why.',
  groups: 'Frames around cards.',
  notes: 'Texts on the canvas.',
  layout: 'Places on the canvases; nothing of it is compiled.',
}

function describe(schema: unknown, [field, ...rest]: readonly string[], description: string): void {
  if (!isObject(schema) || field === undefined) return
  const below =
    field === '*' ? schema.additionalProperties : isObject(schema.properties) ? schema.properties[field] : null
  if (!isObject(below)) return
  if (rest.length === 0) below.description = description
  else describe(below, rest, description)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
