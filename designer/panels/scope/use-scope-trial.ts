import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { readScope } from '@/designer/compiler/2-lower/scopes/read-scope'
import { inOrder, type LocalEntity, type Project, type Scope, type TestUser } from '@/designer/model'
import { useProject, useSession } from '@/designer/stores/session'
import { type RouterOutputs, useTRPCClient } from '@/designer/stores/trpc'
import { useSettled } from './use-settled'

export type ScopeCounts = RouterOutputs['scope']['counts']
export type Which = 'read' | 'write'

export const useTestUsers = (): readonly TestUser[] => {
  const users = useProject((project) => project.testUsers)
  return useMemo(() => inOrder<TestUser>(users).map(([, user]) => user), [users])
}

/**
 * What each test user's device would hold; asked once what is typed has come to rest, called off when it is overtaken.
 * The condition in SQL is its key: it has in it what the scopes of parents say.
 */
export function useScopeCounts(project: Project, entity: LocalEntity, which: Which, scope: Scope) {
  const session = useSession()
  const client = useTRPCClient()
  const users = useTestUsers()
  const root = project.serverEntities[entity.root]
  const read = useMemo(() => {
    if (root === undefined) return null
    const own = readScope(project, root, scope)
    const outer = which === 'write' ? readScope(project, root, entity.scope).rule?.where : null
    return { usable: scope.kind === 'all' || own.rule !== null, sql: [own.rule?.where ?? null, outer ?? null] }
  }, [project, root, scope, which, entity.scope])
  const columns = Object.values(entity.attributes).flatMap(({ source }) =>
    source.kind === 'root' ? [source.attribute] : [],
  )
  const key = JSON.stringify([
    entity.id,
    which,
    read?.sql,
    columns.sort(),
    users.map(({ id, name, claims }) => [id, name, claims]),
  ])
  const settled = useSettled(key)
  const isTyping = settled !== key
  const query = useQuery({
    queryKey: ['scope-counts', session.projectId, settled],
    queryFn: async ({ signal }) => {
      // What is not saved yet the server does not know: an entity just made, a parent's scope.
      await session.flush()
      const input = {
        id: session.projectId,
        entity: entity.id,
        which,
        scope,
        users: users.map(({ id, name, claims }) => ({ id, name, claims })),
      }
      return client.scope.counts.mutate(input, { signal })
    },
    enabled: !isTyping && read?.usable === true,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
    refetchOnWindowFocus: false,
  })
  useOtherRows(project)
  // What is shown meanwhile answers what was asked before: no count and no failure of it is one of this condition.
  const isOther = isTyping || query.isPlaceholderData
  const answer = isOther ? undefined : query.data
  const tried = answer?.kind === 'counted' ? answer.users : null
  useEffect(() => {
    if (tried === null) return
    const failing = users.flatMap(({ id, name }) => {
      const count = tried[id]
      return count?.kind === 'failed' && count.isOfRow ? [{ user: name, message: count.message }] : []
    })
    session.compilation.tried({ entity: entity.id, which, failing })
  }, [tried, users, session, entity.id, which])
  return { query, users, isUsable: read?.usable === true, isOther }
}

/** Counts are those of rows that may be others with another schema: taken again from the database, or taken back. */
function useOtherRows({ serverEntities }: Project): void {
  const { projectId } = useSession()
  const queries = useQueryClient()
  const before = useRef(serverEntities)
  useEffect(() => {
    if (before.current === serverEntities) return
    before.current = serverEntities
    void queries.resetQueries({ queryKey: ['scope-counts', projectId] })
  }, [serverEntities, queries, projectId])
}
