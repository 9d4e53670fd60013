import { createNamedIds } from '@/designer/model/ids'
import { emptyProject } from '@/designer/model/new-project'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import type { Project } from '@/designer/model/project'
import { buildSchema, type TableSpec } from '@/designer/model/testing/build-schema'

const COLUMNS = 20
const STEP = { x: 340, y: 540 } as const

/** Cards of 20 attributes side by side, each of which refers to one near it. */
export function manyCards(count: number, ofAttributes: number): Project {
  const spec = (index: number): TableSpec => {
    const plain = Array.from({ length: ofAttributes - 2 }, (_, column): [string, string] => [
      `column_${column + 1}`,
      column % 3 === 0 ? 'character varying(40)' : column % 3 === 1 ? 'integer!' : 'timestamp with time zone',
    ])
    return {
      attributes: { id: 'uuid!', parent_id: 'uuid', ...Object.fromEntries(plain) },
      key: ['id'],
      ...(index > 0 && {
        references: [{ attributes: ['parent_id'], table: tableName(index - (index % 7 === 0 ? COLUMNS : 1)) }],
      }),
    }
  }
  const schema = buildSchema(
    Object.fromEntries(Array.from({ length: count }, (_, index) => [tableName(index), spec(index)])),
  )
  const project: Project = { ...structuredClone(emptyProject({ id: 'pr_many', name: 'Many cards' })), ...schema }
  const ids = createNamedIds()
  for (const [index, root] of Object.keys(schema.serverEntities).entries()) {
    const position = { x: (index % COLUMNS) * STEP.x, y: Math.floor(index / COLUMNS) * STEP.y }
    addLocalEntity(project, { root, position, ids })
  }
  return project
}

const tableName = (index: number): string => `table_${String(Math.max(0, index) + 1).padStart(3, '0')}`
