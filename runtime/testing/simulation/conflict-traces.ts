/** The server's records of conflicts, as the checks need them. */
import type { Database } from '../../contract/api'
import type { Bundle, EntityContract } from '../../contract/bundle'
import { type ConflictTrace, textsIn } from './check-end'
import { type Comparable, comparable } from './history'

export async function readConflicts(
  database: Database,
  bundle: Bundle,
  deviceNames: ReadonlyMap<string, string>,
): Promise<{ readonly traces: readonly ConflictTrace[]; readonly texts: ReadonlySet<string> }> {
  const texts = new Set<string>()
  const [there] = await database.query("select to_regclass('syncline.conflict') is not null as there")
  if (there?.there !== true) return { traces: [], texts }
  const rows = await database.query('select to_jsonb(c) as record from syncline.conflict c')
  const traces = rows.flatMap(({ record }) => {
    // Keys and images are JSON, kept as text.
    const { device, entity: id, kind, decision, ...json } = record as unknown as Record<string, unknown>
    const [key, base, local, server, result] = ['key', 'base', 'local', 'server', 'result'].map((name) =>
      parsed(json[name]),
    )
    textsIn([base, local, server, result], texts)
    const entity = bundle.entities.find((one) => one.id === id)
    if (!entity) return []
    return [
      {
        device: deviceNames.get(String(device)) ?? String(device),
        entity: entity.id,
        key: JSON.stringify(key),
        kind: String(kind),
        decision: String(decision),
        base: imageOf(entity, base),
        server: imageOf(entity, server),
      },
    ]
  })
  return { traces, texts }
}

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : value
}

function imageOf(entity: EntityContract, image: unknown): Comparable | null {
  if (typeof image !== 'object' || image === null) return null
  const values = new Map(Object.entries(image))
  return Object.fromEntries(
    entity.attributes.map((attribute) => {
      const value: unknown = values.get(attribute.id) ?? null
      return [attribute.name, comparable(attribute, value === null ? null : String(value))]
    }),
  )
}
