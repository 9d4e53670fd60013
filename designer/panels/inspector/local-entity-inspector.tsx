import { CornerUpLeft, FileCode2, Trash2 } from 'lucide-react'
import {
  DIRECTIONS_OF_PATTERN,
  removeLocalEntity,
  renameLocalEntity,
  setDirection,
  setPatternKind,
} from '@/designer/model/operations/local-entities'
import { moveEntityToUnit } from '@/designer/model/operations/sync-units'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { patternOf } from '@/designer/patterns'
import { useEdit, useProject, useSession } from '@/designer/stores/session'
import { ProblemList } from '../problems/problem-list'
import { Collapsible } from '../ui/collapsible'
import { EditableText } from '../ui/editable-text'
import { counted } from '../ui/format'
import { IconButton } from '../ui/icon-button'
import { PatternPicker } from './pattern-picker'
import { PatternSettings } from './pattern-settings/pattern-settings'
import { ScopeSection } from './scope-section'
import { AttributesSection } from './sections/attributes-section'
import { IndexesSection } from './sections/indexes-section'
import { KeysSection } from './sections/keys-section'
import { RelationsSection } from './sections/relations-section'
import { UnitSelect } from './unit-select'

export function LocalEntityInspector({ id }: { readonly id: string }) {
  const entity = useProject((project) => project.localEntities[id])
  const root = useProject((project) => project.serverEntities[entity?.root ?? ''])
  if (!entity) return null
  return (
    <>
      <Head entity={entity} />
      <div className="panel-body">
        <ProblemList target={id} />
        <Origin entity={entity} root={root} />
        <PatternSection entity={entity} root={root} />
        <AttributesSection entity={entity} root={root} />
        <SettingsSection entity={entity} />
        <ScopeSection key={id} entity={entity} />
        {root && <KeysSection entity={entity} root={root} />}
        {root && <RelationsSection entity={entity} root={root} />}
        {root && <IndexesSection entity={entity} root={root} />}
      </div>
    </>
  )
}

function Head({ entity }: { readonly entity: LocalEntity }) {
  const edit = useEdit()
  const { selection, panels } = useSession()
  return (
    <div className="panel-head pl-1">
      <EditableText
        label="Name on the device"
        value={entity.name}
        renameTarget
        className="name min-w-0 flex-1 font-semibold"
        onCommit={(name) =>
          edit(`Rename “${entity.name}”`, (draft) => renameLocalEntity(draft, entity.id, name)).kind === 'done'
        }
      />
      <IconButton label="Generated code" onClick={() => panels.showBottom('code')}>
        <FileCode2 />
      </IconButton>
      <IconButton
        label="Remove from the canvas"
        shortcut="Del"
        onClick={() => {
          edit(`Delete “${entity.name}”`, (draft) => removeLocalEntity(draft, entity.id))
          selection.select({ kind: 'none' })
        }}
      >
        <Trash2 />
      </IconButton>
    </div>
  )
}

function Origin({ entity, root }: { readonly entity: LocalEntity; readonly root: ServerEntity | undefined }) {
  const { selection } = useSession()
  if (!root) return <p className="callout callout-error m-3">Its server table is no longer in the schema.</p>
  return (
    <div className="flex items-center gap-2 border-line border-b px-3 py-2 text-ink-muted text-xs">
      <CornerUpLeft size={13} aria-hidden />
      from
      <button
        type="button"
        className="name overflow-hidden text-ellipsis text-accent-ink hover:underline"
        onClick={() => selection.select({ kind: 'server-entity', id: entity.root })}
      >
        {root.schema}.{root.name}
      </button>
      {root.rowEstimate !== null && <span className="ml-auto flex-none">{counted(root.rowEstimate, 'row')}</span>}
    </div>
  )
}

function PatternSection({ entity, root }: { readonly entity: LocalEntity; readonly root: ServerEntity | undefined }) {
  const edit = useEdit()
  return (
    <Collapsible id="pattern" title="Sync pattern" summary={patternOf(entity.pattern.kind).title}>
      <PatternPicker
        entity={entity.id}
        value={entity.pattern.kind}
        onChange={(kind) =>
          edit(`Set the pattern of “${entity.name}”`, (draft) => setPatternKind(draft, entity.id, kind))
        }
      />
      <PatternSettings entity={entity} root={root} />
    </Collapsible>
  )
}

const DIRECTION_WORDS: Readonly<Record<LocalEntity['direction'], string>> = {
  both: 'Both ways',
  down: 'Server to device',
  up: 'Device to server',
}

function SettingsSection({ entity }: { readonly entity: LocalEntity }) {
  const edit = useEdit()
  const unit = useProject(
    (project) => Object.values(project.syncUnits).find((u) => entity.id in u.entities)?.id ?? null,
  )
  const directions = DIRECTIONS_OF_PATTERN[entity.pattern.kind]
  return (
    <div className="section gap-3">
      <label className="field">
        <span className="label">Direction</span>
        <select
          className="select"
          value={entity.direction}
          disabled={directions.length === 1}
          onChange={(event) => {
            const next = directions.find((direction) => direction === event.target.value)
            if (next) edit(`Set the direction of “${entity.name}”`, (draft) => setDirection(draft, entity.id, next))
          }}
        >
          {directions.map((direction) => (
            <option key={direction} value={direction}>
              {DIRECTION_WORDS[direction]}
            </option>
          ))}
        </select>
      </label>
      <UnitSelect
        value={unit}
        onChange={(next) =>
          edit(`Move “${entity.name}” to another unit`, (draft) => moveEntityToUnit(draft, entity.id, next))
        }
      />
    </div>
  )
}
