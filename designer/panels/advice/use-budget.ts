import { useMemo } from 'react'
import { type Budget, type Design, projectBudget } from '@/designer/patterns/advice'
import { useProject } from '@/designer/stores/session'

/** What the advice reads of the project; the same object until one of its parts changes. */
export function useDesign(): Design {
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const localEntities = useProject((project) => project.localEntities)
  const syncUnits = useProject((project) => project.syncUnits)
  const requirements = useProject((project) => project.requirements)
  return useMemo(
    () => ({ serverEntities, serverTypes, localEntities, syncUnits, requirements }),
    [serverEntities, serverTypes, localEntities, syncUnits, requirements],
  )
}

export function useBudget(): { readonly budget: Budget; readonly design: Design } {
  const design = useDesign()
  return useMemo(() => ({ budget: projectBudget(design), design }), [design])
}
