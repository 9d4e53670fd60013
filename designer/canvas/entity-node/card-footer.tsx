import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { counted, formatBytes, formatCount } from '@/designer/panels/ui/format'
import { entitiesRead, entityEstimate } from '@/designer/patterns/advice'
import { useProject } from '@/designer/stores/session'
import { useProblems } from './use-problems'

/** What a device will hold of it, and whether something is wrong with it. */
export function CardFooter({
  entity,
  root,
}: {
  readonly entity: LocalEntity
  readonly root: ServerEntity | undefined
}) {
  return (
    <footer className="entity-foot">
      {root ? <Amount entity={entity} /> : <span className="row-text">its table is gone</span>}
      <ProblemBadge entity={entity.id} />
    </footer>
  )
}

function Amount({ entity }: { readonly entity: LocalEntity }) {
  // Few, most often itself alone: an edit of another card does not reckon this one anew.
  const localEntities = useProject(useShallow((p) => entitiesRead(p, entity)))
  const serverEntities = useProject((p) => p.serverEntities)
  const serverTypes = useProject((p) => p.serverTypes)
  const requirements = useProject((p) => p.requirements)
  const syncUnits = useProject((p) => p.syncUnits)
  const estimate = useMemo(
    () => entityEstimate({ localEntities, serverEntities, serverTypes, requirements, syncUnits }, entity.id),
    [localEntities, serverEntities, serverTypes, requirements, syncUnits, entity.id],
  )
  if (!estimate) return null
  const { rowsOnServer, rowsOnDevice, bytesOnDevice, measured, assumptions } = estimate
  const sign = measured ? '' : '~'
  return (
    <span
      className="row-text"
      title={measured ? 'On each device' : `On each device; assumes ${assumptions.join('; ')}`}
    >
      {sign}
      {rowsOnDevice < 1 ? counted(0, 'row') : counted(Math.round(rowsOnDevice), 'row')}
      {Math.round(rowsOnDevice) !== Math.round(rowsOnServer) && ` of ${formatCount(Math.round(rowsOnServer))}`}
      <span className="entity-bytes">
        {sign}
        {formatBytes(Math.round(bytesOnDevice))}
      </span>
    </span>
  )
}

function ProblemBadge({ entity }: { readonly entity: string }) {
  const problems = useProblems(entity)
  if (!problems) return null
  const { severity, count } = problems
  return severity === 'error' ? (
    <span className="badge badge-error" title={counted(count, 'error')}>
      <CircleAlert aria-hidden /> {count}
    </span>
  ) : (
    <span className="badge badge-conflict" title={counted(count, 'warning')}>
      <TriangleAlert aria-hidden /> {count}
    </span>
  )
}
