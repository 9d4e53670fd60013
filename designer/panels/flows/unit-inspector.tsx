import { FileCode2, Trash2 } from 'lucide-react'
import { inOrder } from '@/designer/model/operations/order'
import { moveEntityToUnit, removeSyncUnit, renameSyncUnit } from '@/designer/model/operations/sync-units'
import type { SyncUnit } from '@/designer/model/project'
import { useEdit, useProject, useSession } from '@/designer/stores/session'
import { ProblemList } from '../problems/problem-list'
import { EditableText } from '../ui/editable-text'
import { IconButton } from '../ui/icon-button'
import { PATTERN_SIGNS, patternHue } from '../ui/pattern-sign'
import { UnitRetryFields, UnitTriggers } from './unit-triggers'

/** A unit's settings: when it runs, what happens when it fails, and its entities. */
export function UnitInspector({ id }: { readonly id: string }) {
  const unit = useProject((project) => project.syncUnits[id])
  if (!unit) return null
  return (
    <>
      <Head unit={unit} />
      <div className="panel-body">
        <ProblemList target={id} />
        <UnitTriggers unit={unit} />
        <UnitRetryFields unit={unit} />
        <Entities unit={unit} />
      </div>
    </>
  )
}

function Head({ unit }: { readonly unit: SyncUnit }) {
  const edit = useEdit()
  const { selection, panels } = useSession()
  return (
    <div className="panel-head pl-1">
      <EditableText
        label="Name of the sync unit"
        value={unit.name}
        renameTarget
        className="min-w-0 flex-1 font-semibold"
        onCommit={(name) =>
          edit(`Rename “${unit.name}”`, (draft) => renameSyncUnit(draft, unit.id, name)).kind === 'done'
        }
      />
      <IconButton label="Generated code" onClick={() => panels.showBottom('code')}>
        <FileCode2 />
      </IconButton>
      <IconButton
        label="Delete the sync unit"
        onClick={() => {
          edit(`Delete “${unit.name}”`, (draft) => removeSyncUnit(draft, unit.id))
          selection.select({ kind: 'none' })
        }}
      >
        <Trash2 />
      </IconButton>
    </div>
  )
}

function Entities({ unit }: { readonly unit: SyncUnit }) {
  const entities = useProject((project) => project.localEntities)
  const units = useProject((project) => project.syncUnits)
  const edit = useEdit()
  const unitOf = (entity: string) => Object.values(units).find((other) => entity in other.entities)
  return (
    <div className="py-3">
      <h3 className="section-title px-3 pb-1">
        Entities <span className="badge">{Object.keys(unit.entities).length}</span>
      </h3>
      {Object.keys(entities).length === 0 && (
        <p className="hint px-3">There are no local entities yet: add some in Data mode.</p>
      )}
      <ul>
        {inOrder(entities).map(([id, entity]) => {
          const isIn = id in unit.entities
          const other = isIn ? undefined : unitOf(id)
          const { Icon, label } = PATTERN_SIGNS[entity.pattern.kind]
          return (
            <li key={id}>
              <label className="row row-interactive px-3">
                <input
                  type="checkbox"
                  className="checkbox"
                  checked={isIn}
                  onChange={() =>
                    edit(
                      isIn ? `Take “${entity.name}” out of “${unit.name}”` : `Move “${entity.name}” to “${unit.name}”`,
                      (draft) => moveEntityToUnit(draft, id, isIn ? null : unit.id),
                    )
                  }
                />
                <span className="name row-text">{entity.name}</span>
                {other && <span className="row-note">in {other.name}</span>}
                <span className="hued flex text-(--hued-ink)" style={patternHue(entity.pattern.kind)} title={label}>
                  <Icon size={13} aria-label={label} />
                </span>
              </label>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
