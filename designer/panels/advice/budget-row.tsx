import { memo } from 'react'
import { type EntityRequirement, setEntityRequirement } from '@/designer/model/operations/requirements'
import {
  type Connection,
  type Design,
  type EntityEstimate,
  firstSyncSeconds,
  formatBytes,
  formatChance,
  formatCount,
  formatRate,
  formatSeconds,
} from '@/designer/patterns/advice'
import { useEdit, useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { PATTERN_SIGNS, patternHue } from '../ui/pattern-sign'
import { NumberField } from './number-field'
import { RecommendationButton } from './recommendation-button'

interface Props {
  readonly estimate: EntityEstimate
  readonly design: Design
  readonly connection: Connection
  readonly index: number
  /** Pixels from the top of the rows. */
  readonly top: number
}

export const BudgetRow = memo(function BudgetRow({ estimate, design, connection, index, top }: Props) {
  const { selection, panels } = useSession()
  const edit = useEdit()
  const id = estimate.entity
  const entity = design.localEntities[id]
  if (!entity) return null
  const said = design.requirements.entities[id]
  const { Icon, label } = PATTERN_SIGNS[entity.pattern.kind]
  const set = (name: EntityRequirement, value: number | null) =>
    edit(`Set what is expected of “${entity.name}”`, (draft) => setEntityRequirement(draft, id, name, value))
  const seconds = firstSyncSeconds([estimate])[connection]
  const share = estimate.rowsOnServer === 0 ? 1 : estimate.rowsOnDevice / estimate.rowsOnServer
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of a table that is drawn only where it is in view.
    <div role="row" aria-rowindex={index + 2} className="budget-row absolute inset-x-0" style={{ top }} tabIndex={-1}>
      <Cell>
        <button
          type="button"
          className="flex min-w-0 items-center gap-1.5 hover:text-accent-ink"
          onClick={() => {
            selection.select({ kind: 'local-entities', ids: [id] })
            panels.setState({ reveal: { id } })
          }}
        >
          <span className="hued contents" style={patternHue(entity.pattern.kind)}>
            <Icon size={13} className="flex-none text-(--hued-ink)" aria-label={label} />
          </span>
          <span className="name truncate">{entity.name}</span>
        </button>
      </Cell>
      <Cell>
        <NumberField
          bare
          label={`Rows of ${entity.name}`}
          value={said?.rows ?? null}
          placeholder={formatCount(estimate.rowsOnServer)}
          onCommit={(value) => set('rows', value)}
        />
      </Cell>
      <Cell>
        <NumberField
          bare
          label={`Share of ${entity.name} on a device, in percent`}
          value={said?.shareOnDevice == null ? null : Number((said.shareOnDevice * 100).toPrecision(6))}
          placeholder={formatChance(share)}
          onCommit={(value) => set('shareOnDevice', value === null ? null : value / 100)}
        />
      </Cell>
      <Cell
        title={
          estimate.assumptions.length === 0
            ? `${Math.round(estimate.bytesPerRow)} bytes of values a row, measured`
            : `${Math.round(estimate.bytesPerRow)} bytes of values a row. Assumes ${estimate.assumptions.join(', ')}.`
        }
      >
        {!estimate.measured && (
          <span className="hint" role="img" aria-label="estimated">
            ≈{' '}
          </span>
        )}
        {formatBytes(estimate.bytesOnDevice)}
        <span className="hint"> {counted(estimate.rowsOnDevice, 'row')}</span>
      </Cell>
      <Cell>
        {formatBytes(estimate.firstSyncBytes)} <span className="hint">{formatSeconds(seconds)}</span>
      </Cell>
      <Cell>
        <span role="img" aria-label="down">
          ↓
        </span>{' '}
        {formatBytes(estimate.dailyBytesDown)}{' '}
        <span role="img" aria-label="up">
          ↑
        </span>{' '}
        {formatBytes(estimate.dailyBytesUp)}
      </Cell>
      <Cell>
        <NumberField
          bare
          label={`Edits of ${entity.name} a day`}
          value={said?.editsPerDay ?? null}
          placeholder={formatRate(estimate.editsPerDay)}
          onCommit={(value) => set('editsPerDay', value)}
        />
      </Cell>
      <Cell>
        <NumberField
          bare
          label={`Editors of one record of ${entity.name}`}
          value={said?.editorsPerRecord ?? null}
          placeholder={design.requirements.editorsPerRecord?.toString() ?? '–'}
          onCommit={(value) => set('editorsPerRecord', value)}
        />
      </Cell>
      <Cell
        title={`${formatChance(estimate.conflictChancePerEdit)} of the edits meet another to the row, ${formatChance(estimate.attributeConflictChancePerEdit)} to the attribute`}
      >
        {formatRate(estimate.conflictsPerDay).replace('less than ', '< ')}
      </Cell>
      <Cell>
        <RecommendationButton design={design} entity={entity} />
      </Cell>
    </div>
  )
})

function Cell({ children, title }: { readonly children: React.ReactNode; readonly title?: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the row.
    <span role="cell" title={title}>
      {children}
    </span>
  )
}
