import { useReactFlow } from '@xyflow/react'
import { Ban, Columns3, Link2, LocateFixed, type LucideIcon, Plus, Table2 } from 'lucide-react'
import { CARD_WIDTH, cardHeight } from '@/designer/model/card-layout'
import { attributesOnDevice } from '@/designer/model/operations/local-entities'
import type { Project } from '@/designer/model/project'
import { useSession } from '@/designer/stores/session'
import { type Drag, type Point, useDataMode } from '../data-mode-context'
import { possibleChoices } from './drop-choice'

/** Where within a new card the pointer holds it. */
export const GRIP = { x: CARD_WIDTH / 2, y: 16 } as const

const ICONS: Readonly<Record<Drag['item']['kind'], LucideIcon>> = {
  table: Table2,
  attribute: Columns3,
  'path-attribute': Link2,
  parent: Table2,
}

/** What is carried, and what would come of it if it were let go here. */
export function DragOverlay() {
  const drag = useDataMode((state) => state.drag)
  if (!drag) return null
  const Icon = ICONS[drag.item.kind]
  return (
    <>
      <Ghost drag={drag} />
      <div className="carried" style={{ translate: `${drag.x + 12}px ${drag.y + 10}px` }} role="presentation">
        <span className="carried-name">
          <Icon aria-hidden />
          {drag.name}
        </span>
        <Outcome drag={drag} />
      </div>
    </>
  )
}

function Outcome({ drag: { meaning } }: { readonly drag: Drag }) {
  if (meaning === null) return null
  if (meaning.kind === 'refused') {
    return (
      <span className="carried-outcome" data-refused="">
        <Ban aria-hidden />
        {meaning.reason}
      </span>
    )
  }
  const possible = possibleChoices(meaning)
  const [first] = possible
  if (!first) {
    return (
      <span className="carried-outcome" data-refused="">
        <Ban aria-hidden />
        Nothing can be made of it here. Let go to see why.
      </span>
    )
  }
  return possible.length === 1 ? (
    <span className="carried-outcome">
      {first.choice.kind === 'show-card' ? <LocateFixed aria-hidden /> : <Plus aria-hidden />}
      <span>
        {first.label}
        {first.note && <span className="text-ink-muted"> {first.note}</span>}
      </span>
    </span>
  ) : (
    <ul className="carried-outcome carried-choices">
      {possible.map(({ label, note }) => (
        <li key={`${label}${note}`}>
          {label}
          {note && <span className="text-ink-muted"> {note}</span>}
        </li>
      ))}
    </ul>
  )
}

/** The outline of the card that a drop on the canvas would make, exactly where it would lie. */
function Ghost({ drag }: { readonly drag: Drag }) {
  const { getZoom } = useReactFlow()
  const { project } = useSession()
  if (drag.target?.kind !== 'canvas' || drag.meaning?.kind !== 'choices') return null
  const [first] = drag.meaning.choices
  if (first?.choice.kind !== 'add-entity') return null
  const zoom = getZoom()
  const height = ghostHeight(project.getState().history.project, first.choice) * zoom
  const at: Point = { x: drag.x - GRIP.x * zoom, y: drag.y - GRIP.y * zoom }
  return <div className="drop-ghost" style={{ translate: `${at.x}px ${at.y}px`, width: CARD_WIDTH * zoom, height }} />
}

function ghostHeight(
  project: Project,
  { root, attributes }: { readonly root: string; readonly attributes: readonly string[] | null },
): number {
  const entity = project.serverEntities[root]
  return cardHeight(attributes?.length ?? (entity ? attributesOnDevice(project, entity).length : 0))
}
