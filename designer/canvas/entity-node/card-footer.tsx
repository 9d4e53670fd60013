import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { counted, formatBytes, formatCount } from '@/designer/panels/ui/format'
import { entityEstimate } from '@/designer/patterns/advice'
import { useProject, useSession } from '@/designer/stores/session'

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
      <Amount entity={entity} root={root} />
      <ProblemBadge entity={entity.id} />
    </footer>
  )
}

function Amount({ entity, root }: { readonly entity: LocalEntity; readonly root: ServerEntity | undefined }) {
  const { project } = useSession()
  const requirements = useProject((p) => p.requirements)
  const syncUnits = useProject((p) => p.syncUnits)
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are the parts of the project that the estimate reads.
  const estimate = useMemo(
    () => entityEstimate(project.getState().history.project, entity.id),
    [project, entity, root, requirements, syncUnits],
  )
  if (!estimate) return <span className="row-text">its table is gone</span>
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
  const { compilation } = useSession()
  const errors = useStore(compilation, (state) => state.problemsByTarget.get(entity)?.errors ?? 0)
  const warnings = useStore(compilation, (state) => state.problemsByTarget.get(entity)?.warnings ?? 0)
  if (errors > 0) {
    return (
      <span className="badge badge-error" title={counted(errors, 'error')}>
        <CircleAlert aria-hidden /> {errors}
      </span>
    )
  }
  if (warnings > 0) {
    return (
      <span className="badge badge-conflict" title={counted(warnings, 'warning')}>
        <TriangleAlert aria-hidden /> {warnings}
      </span>
    )
  }
  return null
}
