import { useMemo } from 'react'
import type { LocalEntity } from '@/designer/model/project'
import { scopeInWords } from '@/designer/model/scope-words'
import { useProject, useSession } from '@/designer/stores/session'

/** Which rows a device holds, in words that end where the card does. */
export function ScopeLine({ entity }: { readonly entity: LocalEntity }) {
  const { project } = useSession()
  const serverEntities = useProject((p) => p.serverEntities)
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the project the words need the schema, and this entity.
  const words = useMemo(
    () => scopeInWords(project.getState().history.project, entity, entity.scope),
    [project, entity, serverEntities],
  )
  return (
    <span className="entity-scope" title={`On each device: ${words}`}>
      {words}
    </span>
  )
}
