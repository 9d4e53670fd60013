import clsx from 'clsx'
import { AlertTriangle, CircleAlert, Info } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { fixesOf } from '@/designer/compiler/diagnostics'
import {
  type FilterPath,
  filterInWords,
  inOrder,
  insertTerm,
  isGroup,
  moveTerm,
  referenceName,
  replaceTerm,
  type ScopeFilter,
  type ServerEntity,
  termAt,
} from '@/designer/model'
import { FixButton } from '../problems/problem-list'
import { AddTerm } from './add-term'
import { useBuilder } from './builder-context'
import { ConditionFields } from './condition-fields'
import { TermMenu } from './term-menu'

interface Props {
  readonly entity: ServerEntity
  readonly term: ScopeFilter
  readonly path: FilterPath
}

/** One term of the filter with all that is inside of it: a line for each condition. */
export function TermView({ entity, term, path }: Props) {
  const builder = useBuilder()
  const { project, filter, change } = builder
  const words = filterInWords(project, entity, term)
  const isRoot = path.length === 0
  const isWhole = isRoot && isGroup(term)

  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || isWhole) return
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null
    if (by !== null) {
      const moved = moveTerm(filter, path, by)
      if (moved.filter !== filter) change('Move a condition', moved.filter, { focus: moved.path })
    } else if (event.key === 'Backspace' || event.key === 'Delete') {
      const outer = path.slice(0, -1)
      const group = termAt(filter, outer)
      const next =
        group !== null && isGroup(group) && group.terms.length > 1
          ? [...outer, Math.max(0, (path.at(-1) ?? 0) - 1)]
          : outer
      change('Remove a condition', replaceTerm(filter, path, null), { focus: next })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the fields inside of it, which bubble.
    <div
      className={clsx('scope-term', !isWhole && 'scope-term-inner')}
      data-term={path.join('.')}
      data-kind={term.kind}
      onKeyDown={onKeyDown}
    >
      <fieldset className="scope-line" aria-label={words}>
        <TermHead entity={entity} term={term} path={path} />
        {!isWhole && <TermMenu term={term} path={path} words={words} />}
      </fieldset>
      <TermProblems path={path} />
      <TermInside entity={entity} term={term} path={path} />
    </div>
  )
}

function TermHead({ entity, term, path }: Props): ReactNode {
  const { project, filter, change } = useBuilder()
  const replace = (next: ScopeFilter, label: string) => change(label, replaceTerm(filter, path, next))
  switch (term.kind) {
    case 'and':
    case 'or':
      return (
        <>
          <select
            className="select scope-group-kind"
            aria-label="How the conditions are joined"
            data-first=""
            value={term.kind}
            onChange={(event) =>
              replace({ ...term, kind: event.target.value === 'or' ? 'or' : 'and' }, 'Join conditions otherwise')
            }
          >
            <option value="and">all of</option>
            <option value="or">any of</option>
          </select>
          <span className="hint">{groupHint(term)}</span>
        </>
      )
    case 'not':
      return (
        <span className="scope-words" data-first="" tabIndex={-1}>
          none of this holds
        </span>
      )
    case 'compare':
      return <ConditionFields entity={entity} compare={term} path={path} />
    case 'exists': {
      const key = entity.foreignKeys[term.foreignKey]
      return (
        <>
          <RelationSelect
            entity={entity}
            value={term.foreignKey}
            onChange={(foreignKey) =>
              replace({ ...term, foreignKey, term: { kind: 'and', terms: [] } }, 'Choose another relation')
            }
          />
          <span className="hint">
            {key === undefined ? 'some row of them has to fit' : `the row that it refers to has to fit`}
            {isAny(term.term) && ' — so far any does'}
          </span>
        </>
      )
    }
    case 'in-scope': {
      const parent = project.serverEntities[entity.foreignKeys[term.foreignKey]?.entity ?? '']
      const local = inOrder(project.localEntities).find(([, { root }]) => root === parent?.id)?.[1]
      return (
        <>
          <FollowSelect
            entity={entity}
            value={term.foreignKey}
            onChange={(foreignKey) => replace({ kind: 'in-scope', foreignKey }, 'Follow another parent')}
          />
          {local !== undefined && (
            <span className="hint">as {local.name} says: a row that refers to nothing stays</span>
          )}
        </>
      )
    }
  }
}

const isAny = (term: ScopeFilter): boolean => term.kind === 'and' && term.terms.length === 0

const groupHint = (term: Extract<ScopeFilter, { kind: 'and' | 'or' }>): string =>
  term.kind === 'and'
    ? term.terms.length === 0
      ? 'nothing yet, so every row'
      : 'these hold'
    : term.terms.length === 0
      ? 'nothing yet, so no row'
      : 'these holds'

function TermInside({ entity, term, path }: Props): ReactNode {
  const { filter, change, project } = useBuilder()
  const add = (place: FilterPath, added: ScopeFilter) => {
    const group = termAt(filter, place)
    const next = insertTerm(filter, place, added)
    const index = group !== null && isGroup(group) ? group.terms.length : 1
    change('Add a condition', next, { focus: [...place, index] })
  }
  switch (term.kind) {
    case 'and':
    case 'or':
      return (
        <div className="scope-inside">
          {term.terms.map((inner, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a term has no name but its place.
            <TermView key={index} entity={entity} term={inner} path={[...path, index]} />
          ))}
          <AddTerm entity={entity} isInner={path.length > 0} onAdd={(added) => add(path, added)} />
        </div>
      )
    case 'not':
      return (
        <div className="scope-inside">
          <TermView entity={entity} term={term.term} path={[...path, 0]} />
        </div>
      )
    case 'exists': {
      const there = relatedEntity(project, entity, term.foreignKey)
      if (there === null) return null
      return (
        <div className="scope-inside">
          {isAny(term.term) ? (
            <AddTerm
              entity={there}
              isInner
              onAdd={(added) =>
                change('Add a condition', replaceTerm(filter, [...path, 0], added), { focus: [...path, 0] })
              }
            />
          ) : (
            <>
              <TermView entity={there} term={term.term} path={[...path, 0]} />
              {!isGroup(term.term) && <AddTerm entity={there} isInner onAdd={(added) => add([...path, 0], added)} />}
            </>
          )}
        </div>
      )
    }
    case 'compare':
    case 'in-scope':
      return null
  }
}

const SEVERITY = {
  error: { Icon: CircleAlert, className: 'text-error' },
  warning: { Icon: AlertTriangle, className: 'text-conflict' },
  info: { Icon: Info, className: 'text-waiting' },
} as const

/** What is wrong with this term, below it. */
function TermProblems({ path }: { readonly path: FilterPath }) {
  const { problems } = useBuilder()
  const here = problems.filter(
    ({ target }) => target.kind === 'localEntity' && target.scope?.path?.join() === path.join(),
  )
  return here.map((problem) => {
    const { Icon, className } = SEVERITY[problem.severity]
    return (
      <p key={problem.message} className="scope-problem">
        <Icon size={13} className={className} aria-label={problem.severity} />
        <span className="min-w-0 flex-1">{problem.message}</span>
        {fixesOf(problem).map((fix) => (
          <FixButton key={fix.title} fix={fix} />
        ))}
      </p>
    )
  })
}

interface RelationProps {
  readonly entity: ServerEntity
  readonly value: string
  readonly onChange: (foreignKey: string) => void
}

function RelationSelect({ entity, value, onChange }: RelationProps) {
  const { project } = useBuilder()
  const own = Object.values(entity.foreignKeys)
  const others = Object.values(project.serverEntities)
    .flatMap((other) =>
      Object.values(other.foreignKeys)
        .filter((key) => key.entity === entity.id && other.id !== entity.id)
        .map((key) => ({ key, other })),
    )
    .sort((a, b) => (a.other.name < b.other.name ? -1 : 1))
  const isKnown = own.some(({ id }) => id === value) || others.some(({ key }) => key.id === value)
  return (
    <select
      className="select scope-relation"
      aria-label="Related rows"
      data-first=""
      aria-invalid={!isKnown}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {!isKnown && <option value={value}>a relation that is not there</option>}
      {own.map(({ id }) => (
        <option key={id} value={id}>{`its ${referenceName(entity, id)} is one where`}</option>
      ))}
      {others.map(({ key, other }) => (
        <option key={key.id} value={key.id}>{`it has ${other.name} where`}</option>
      ))}
    </select>
  )
}

function FollowSelect({ entity, value, onChange }: RelationProps) {
  const { project } = useBuilder()
  const local = new Map(inOrder(project.localEntities).map(([, { root, name }]) => [root, name]))
  const keys = Object.values(entity.foreignKeys).filter((key) => local.has(key.entity) || key.id === value)
  return (
    <select
      className="select scope-relation"
      aria-label="Parent that is followed"
      data-first=""
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {entity.foreignKeys[value] === undefined && <option value={value}>a relation that is not there</option>}
      {keys.map((key) => (
        <option key={key.id} value={key.id}>
          {`its ${referenceName(entity, key.id)} is in the scope of ${local.get(key.entity) ?? project.serverEntities[key.entity]?.name ?? 'nothing'}`}
        </option>
      ))}
    </select>
  )
}

function relatedEntity(
  project: ReturnType<typeof useBuilder>['project'],
  entity: ServerEntity,
  foreignKey: string,
): ServerEntity | null {
  const key = entity.foreignKeys[foreignKey]
  if (key !== undefined) return project.serverEntities[key.entity] ?? null
  return (
    Object.values(project.serverEntities).find((other) => other.foreignKeys[foreignKey]?.entity === entity.id) ?? null
  )
}
