import { expect, test } from 'vitest'
import { compile } from '@/designer/compiler'
import { addLocalEntity, applyOperation, createHistory, createNamedIds, emptyProject } from '@/designer/model'
import { codePlaceOf } from './code-place'

const { history } = applyOperation(
  createHistory({
    ...emptyProject({ id: 'pr_test', name: 'Test' }),
    serverEntities: {
      se_lines: {
        id: 'se_lines',
        schema: 'public',
        name: 'order_lines',
        kind: 'table',
        primaryKey: ['id'],
        uniques: [],
        foreignKeys: {},
        rowEstimate: null,
        comment: null,
        attributes: {
          id: {
            id: 'id',
            name: 'id',
            order: 1,
            type: 'uuid',
            typeId: null,
            nullable: false,
            default: null,
            identity: null,
            generated: null,
            comment: null,
            averageBytes: null,
          },
        },
      },
    },
  }),
  'Add',
  (draft) => addLocalEntity(draft, { root: 'se_lines', ids: createNamedIds() }),
)
const { project } = history
const files = compile(project).files ?? []
const [entity = ''] = Object.keys(project.localEntities)
const [unit = ''] = Object.keys(project.syncUnits)
const lineAt = (place: ReturnType<typeof codePlaceOf>) =>
  files.find(({ path }) => path === place?.path)?.text.split('\n')[(place?.line ?? 0) - 1]

test('an entity leads to its interface in the generated code', () => {
  expect(lineAt(codePlaceOf({ kind: 'local-entities', ids: [entity] }, project, files))).toContain(
    'interface OrderLinesRow',
  )
})

test('a unit leads to its function, and a step of its flow to its line', () => {
  expect(lineAt(codePlaceOf({ kind: 'sync-unit', id: unit }, project, files))).toContain('function runDefault')
  expect(lineAt(codePlaceOf({ kind: 'flow-node', unit, node: 'pull' }, project, files))).toContain("step('pull')")
})

test('what is not in the code leads nowhere', () => {
  expect(codePlaceOf({ kind: 'none' }, project, files)).toBeNull()
  expect(codePlaceOf({ kind: 'local-entities', ids: ['le_gone'] }, project, files)).toBeNull()
})
