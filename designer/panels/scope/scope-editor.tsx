import type { ReactNode } from 'react'
import { readFilterScope } from '@/designer/compiler/2-lower/scopes/filter-scope'
import { conjuncts } from '@/designer/compiler/2-lower/scopes/sql-tokens'
import { ANY_ROW, type LocalEntity, type Project, type Scope, type ServerEntity, scopeInWords } from '@/designer/model'
import { setScope, setWriteScope } from '@/designer/model/operations/local-entities'
import { useEdit } from '@/designer/stores/session'
import { SqlAskingNote } from '../problems/sql-asking-note'
import { FilterBuilder } from './filter-builder'
import { ScopeFindings } from './scope-findings'
import { SqlEditor } from './sql-editor'
import { useScopeProblems } from './use-scope-problems'
import type { Which } from './use-scope-trial'

interface Props {
  readonly project: Project
  readonly entity: LocalEntity
  readonly root: ServerEntity
  readonly which: Which
  /** Stands before the choice of its kind. */
  readonly children: ReactNode
}

export const scopeOf = (entity: LocalEntity, which: Which): Scope =>
  which === 'read' ? entity.scope : (entity.writeScope ?? { kind: 'all' })

/** One of an entity's scopes: all rows, a tree of conditions, or SQL. */
export function ScopeEditor({ project, entity, root, which, children }: Props) {
  const edit = useEdit()
  const scope = scopeOf(entity, which)
  const problems = useScopeProblems(project, entity, root, which)
  const change = (label: string, next: Scope, coalesce?: string) => {
    const what = `${label} of “${entity.name}”`
    const options = coalesce === undefined ? undefined : { coalesce: `${which} scope ${entity.id} ${coalesce}` }
    edit(
      what,
      (draft) =>
        which === 'read'
          ? setScope(draft, entity.id, next)
          : setWriteScope(draft, entity.id, next.kind === 'all' ? null : next),
      options,
    )
  }
  const setKind = (kind: Scope['kind']) => {
    if (kind === scope.kind) return
    change(which === 'read' ? 'Set the scope' : 'Set the write scope', startingScope(project, root, scope, kind))
  }
  const all = which === 'read' ? 'All rows' : 'All that is read'
  return (
    <div className="scope-editor">
      <div className="scope-title">
        {children}
        <fieldset
          className="segmented"
          aria-label={which === 'read' ? 'Rows on the device' : 'Rows that may be written'}
        >
          {(['all', 'filter', 'sql'] as const).map((kind) => (
            <button
              key={kind}
              type="button"
              className="tab"
              aria-pressed={scope.kind === kind}
              onClick={() => setKind(kind)}
            >
              {{ all, filter: 'Filter', sql: 'SQL' }[kind]}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="scope-body">
        <p className="scope-sentence" title={scopeInWords(project, entity, scope)}>
          <span className="text-ink-muted">{which === 'read' ? 'A device holds ' : 'A device may write '}</span>
          {sentence(scopeInWords(project, entity, scope), scope)}
        </p>
        <ScopeFindings entity={entity.id} which={which} problems={problems} />
        {scope.kind === 'all' && (
          <div className="scope-empty">
            <p>
              {which === 'read'
                ? `Every device holds every row of ${entity.name}. With a condition, each user gets only what concerns them.`
                : 'A session may write each row that it reads. With a condition, only some of them.'}
            </p>
            <button type="button" className="btn btn-sm" onClick={() => setKind('filter')}>
              Add a condition
            </button>
          </div>
        )}
        {scope.kind === 'filter' && (
          <FilterBuilder
            project={project}
            root={root}
            filter={scope.filter}
            problems={problems}
            onChange={(label, filter, coalesce) =>
              change(label, { kind: 'filter', filter: filter ?? ANY_ROW }, coalesce)
            }
          />
        )}
        {scope.kind === 'sql' && (
          <SqlEditor
            root={root}
            value={scope.where}
            onChange={(where) => change('Write the scope', { kind: 'sql', where }, 'sql')}
          />
        )}
        {scope.kind !== 'all' && <SqlAskingNote />}
      </div>
    </div>
  )
}

const sentence = (words: string, { kind }: Scope): string =>
  kind === 'all' || words === 'all rows' ? 'all rows' : kind === 'sql' ? words : `rows where ${words}`

/** A filter goes on as the SQL that it is, so that nothing of it is lost. */
function startingScope(project: Project, root: ServerEntity, scope: Scope, kind: Scope['kind']): Scope {
  switch (kind) {
    case 'all':
      return { kind: 'all' }
    case 'filter':
      return { kind: 'filter', filter: ANY_ROW }
    case 'sql':
      return {
        kind: 'sql',
        where: scope.kind === 'filter' ? asSql(readFilterScope(project, root, scope.filter).rule?.where) : 'true',
      }
  }
}

/** A line for each condition. */
const asSql = (where: string | undefined): string => (where === undefined ? 'true' : conjuncts(where).join('\nand '))
