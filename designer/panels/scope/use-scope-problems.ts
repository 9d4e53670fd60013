import { useMemo } from 'react'
import { useStore } from 'zustand'
import { checkScope } from '@/designer/compiler/1-validate/scopes'
import type { Diagnostic } from '@/designer/compiler/diagnostics'
import type { LocalEntity, Project, ServerEntity } from '@/designer/model'
import { useSession } from '@/designer/stores/session'
import type { Which } from './use-scope-trial'

/** What is wrong with one of an entity's scopes, as it is being edited. */
export function useScopeProblems(
  project: Project,
  entity: LocalEntity,
  root: ServerEntity,
  which: Which,
): readonly Diagnostic[] {
  const refused = useRefusedByPostgres(entity, which)
  // Checked here and at once: what the compiler says comes a moment later, and what PostgreSQL says another.
  const own = useMemo(() => checkScope(project, entity, root, which), [project, entity, root, which])
  return useMemo(() => [...own, ...refused], [own, refused])
}

const FROM_POSTGRES: ReadonlySet<string> = new Set(['SL5021', 'SL5022'])

function useRefusedByPostgres(entity: LocalEntity, which: Which): readonly Diagnostic[] {
  const { compilation } = useSession()
  const diagnostics = useStore(compilation, (state) => state.diagnostics)
  return useMemo(
    () =>
      diagnostics.filter(
        ({ code, target }) =>
          FROM_POSTGRES.has(code) &&
          target.kind === 'localEntity' &&
          target.id === entity.id &&
          target.scope?.which === which,
      ),
    [diagnostics, entity.id, which],
  )
}
