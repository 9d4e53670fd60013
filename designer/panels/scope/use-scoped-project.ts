import { useMemo } from 'react'
import type { Project } from '@/designer/model'
import { useProject, useSession } from '@/designer/stores/session'

/** The project as scopes depend on it: another one only when a part changed that they read, not when a card was moved. */
export function useScopedProject(): Project {
  const session = useSession()
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const localEntities = useProject((project) => project.localEntities)
  const testUsers = useProject((project) => project.testUsers)
  return useMemo(
    () => ({ ...session.project.getState().history.project, serverEntities, serverTypes, localEntities, testUsers }),
    [session, serverEntities, serverTypes, localEntities, testUsers],
  )
}
