import { setPatternKind } from '@/designer/model/operations/local-entities'
import { moveEntityToUnit } from '@/designer/model/operations/sync-units'
import type { PatternKind } from '@/designer/model/project'
import { useEdit, useProject } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { PatternPicker } from './pattern-picker'
import { UnitSelect } from './unit-select'

/** Settings that several entities take at once, as one step to undo. */
export function ManyInspector({ ids }: { readonly ids: readonly string[] }) {
  const entities = useProject((project) => project.localEntities)
  const units = useProject((project) => project.syncUnits)
  const edit = useEdit()
  const patterns = new Set(ids.map((id) => entities[id]?.pattern.kind))
  const unitsOfAll = new Set(ids.map((id) => Object.values(units).find((unit) => id in unit.entities)?.id ?? null))
  const what = counted(ids.length, 'entity', 'entities')

  return (
    <>
      <div className="panel-head">
        <h2 className="panel-title">{what}</h2>
      </div>
      <div className="panel-body">
        <div className="section">
          <h3 className="section-title">Pattern of all</h3>
          <PatternPicker
            value={patterns.size === 1 ? ([...patterns][0] ?? null) : null}
            onChange={(kind: PatternKind) =>
              edit(`Set the pattern of ${what}`, (draft) => {
                let result = setPatternKind(draft, ids[0] ?? '', kind)
                for (const id of ids.slice(1)) result = setPatternKind(draft, id, kind)
                return result
              })
            }
          />
        </div>
        <div className="section">
          <UnitSelect
            value={unitsOfAll.size === 1 ? ([...unitsOfAll][0] ?? null) : undefined}
            onChange={(unit) =>
              edit(`Move ${what} to another unit`, (draft) => {
                let result = moveEntityToUnit(draft, ids[0] ?? '', unit)
                for (const id of ids.slice(1)) result = moveEntityToUnit(draft, id, unit)
                return result
              })
            }
          />
        </div>
        <ul className="p-1">
          {ids.map((id) => (
            <li key={id} className="row">
              <span className="name row-text">{entities[id]?.name}</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}
