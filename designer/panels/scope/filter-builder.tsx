import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Diagnostic } from '@/designer/compiler/diagnostics'
import {
  type FilterPath,
  insertTerm,
  isGroup,
  type Project,
  type ScopeFilter,
  type ServerEntity,
} from '@/designer/model'
import { AddTerm } from './add-term'
import { type Builder, BuilderContext } from './builder-context'
import { knownClaims } from './operand-options'
import { TermView } from './term-view'

interface Props {
  readonly project: Project
  readonly root: ServerEntity
  readonly filter: ScopeFilter
  readonly problems: readonly Diagnostic[]
  readonly onChange: (label: string, filter: ScopeFilter | null, coalesce?: string) => void
}

/** A filter as a tree of lines, by mouse and by keyboard. */
export function FilterBuilder({ project, root, filter, problems, onChange }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const [focus, setFocus] = useState<{ readonly path: FilterPath } | null>(null)
  const claims = useMemo(() => knownClaims(project), [project])

  const change = useCallback<Builder['change']>(
    (label, next, { coalesce, focus } = {}) => {
      onChange(label, next, coalesce)
      if (focus !== undefined) setFocus({ path: focus })
    },
    [onChange],
  )
  const builder = useMemo<Builder>(
    () => ({ project, filter, claims, problems, change }),
    [project, filter, claims, problems, change],
  )

  // After the tree has changed, and after a menu has given the focus back.
  useEffect(() => {
    if (focus === null) return
    const frameId = requestAnimationFrame(() => {
      const term = frame.current?.querySelector(`[data-term="${focus.path.join('.')}"]`)
      const first = term?.querySelector('[data-first]') ?? frame.current?.querySelector('[data-first]')
      if (first instanceof HTMLElement) first.focus()
    })
    return () => cancelAnimationFrame(frameId)
  }, [focus])

  return (
    <BuilderContext value={builder}>
      <div ref={frame} className="scope-builder">
        <TermView entity={root} term={filter} path={[]} />
        {!isGroup(filter) && (
          <AddTerm
            entity={root}
            onAdd={(term) => change('Add a condition', insertTerm(filter, [], term), { focus: [1] })}
          />
        )}
      </div>
    </BuilderContext>
  )
}
