import { describe, expect, it } from 'vitest'
import type { EntityContract, ScopeRule } from '../../contract/bundle'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import { entitiesByTable } from './entities-by-table'

const rule = (tables: ScopeRule['tables']): ScopeRule => ({
  where: 'true',
  columns: [],
  claims: [],
  tables,
  readsTime: false,
})

function withEntity(id: string, changes: Partial<EntityContract>) {
  return {
    ...FIELD_BUNDLE,
    entities: FIELD_BUNDLE.entities.map((entity) => (entity.id === id ? { ...entity, ...changes } : entity)),
  }
}

describe('which entities a changed table concerns', () => {
  it('is its own, and nothing of tables that are not in the bundle', () => {
    const { byTable, ofUnknownTables } = entitiesByTable(FIELD_BUNDLE)
    expect(byTable.get('se_companies')).toEqual(['le_company'])
    expect(ofUnknownTables).toEqual([])
  })

  it('is also those whose scope reads it', () => {
    const team = { id: 'se_team', schema: 'public', table: 'team', key: ['id'] }
    const { byTable } = entitiesByTable(withEntity('le_order', { scope: { read: rule([team]), write: null } }))
    expect(byTable.get('se_team')).toEqual(['le_order'])
  })

  it('is also those that have values from it, on the way or at its end', () => {
    const order = FIELD_BUNDLE.entities.find(({ id }) => id === 'le_order')
    const step = (id: string) => ({
      table: { id, schema: 'public', table: id, key: ['id'] },
      columns: ['x'],
      referencedColumns: ['id'],
    })
    const derived = { kind: 'joined', path: [step('se_team'), step('se_area')], column: 'name' } as const
    const attributes = (order?.attributes ?? []).map((attribute, index) =>
      index === 0 ? { ...attribute, derived } : attribute,
    )
    const { byTable } = entitiesByTable(withEntity('le_order', { attributes }))
    expect([byTable.get('se_team'), byTable.get('se_area')]).toEqual([['le_order'], ['le_order']])
  })

  it('is every table where a scope may read any', () => {
    const { byTable, ofUnknownTables } = entitiesByTable(
      withEntity('le_order', { scope: { read: rule(null), write: null } }),
    )
    expect(ofUnknownTables).toEqual(['le_order'])
    expect(byTable.get('se_companies')).toEqual(['le_company', 'le_order'])
  })

  it('is none where the device only sends', () => {
    const { byTable } = entitiesByTable(withEntity('le_order', { direction: 'up' }))
    expect(byTable.get('se_work_orders')).toBeUndefined()
  })
})
