'use client'
import { GitCompareArrows } from 'lucide-react'
import Link from 'next/link'
import { inOrder } from '@/designer/model/operations/order'
import { useProject, useSession } from '@/designer/stores/session'
import { modePath } from '../shell/modes'
import { counted } from '../ui/format'
import { detectingPattern } from './detecting-pattern'
import { EntityConflicts } from './entity-conflicts'

/** What becomes of an edit that met a write its author had not seen: of all entities that look for it, in one place. */
export function ConflictsMode() {
  const entities = inOrder(useProject((project) => project.localEntities)).map(([, entity]) => entity)
  const detecting = entities.flatMap((entity) => {
    const pattern = detectingPattern(entity)
    return pattern === null ? [] : [{ entity, pattern }]
  })
  if (detecting.length === 0) return <NoneDetects />
  const others = entities.length - detecting.length
  return (
    <main className="canvas overflow-auto">
      <div className="mx-auto grid w-full max-w-[960px] content-start gap-4 p-8">
        <header className="grid gap-1">
          <h1 className="text-lg">Conflicts</h1>
          <p className="text-ink-muted">
            An edit conflicts where others changed its row after its author last saw it. What happens then:
          </p>
        </header>
        <ul className="grid gap-3">
          {detecting.map(({ entity, pattern }) => (
            <EntityConflicts key={entity.id} entity={entity} pattern={pattern} />
          ))}
        </ul>
        {others > 0 && (
          <p className="hint">
            {counted(others, 'other entity', 'other entities')} {others === 1 ? 'looks' : 'look'} for no conflicts: what
            becomes of two edits there is said by the pattern.
          </p>
        )}
      </div>
    </main>
  )
}

function NoneDetects() {
  const { projectId } = useSession()
  return (
    <main className="canvas">
      <div className="empty-state">
        <GitCompareArrows aria-hidden />
        <h1>No entity looks for conflicts</h1>
        <p>
          With the pattern Conflict detection, an edit of a row that others changed meanwhile is decided by a person or
          by a rule; with One to many, so is a row deleted while others added to it.
        </p>
        <Link className="btn" href={modePath(projectId, 'data')}>
          Choose a pattern in Data
        </Link>
      </div>
    </main>
  )
}
