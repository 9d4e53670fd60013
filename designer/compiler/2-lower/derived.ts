/**
 * Reads what an attribute is derived from: the way along foreign keys, or the expression over the row.
 *
 * Invariants
 * - What it answers is what the server runs: each step is a foreign key between tables that can be tracked, and an
 *   expression is one expression that reads nothing but columns of its row, and gives the same each time.
 * - Where something is wrong, it says what, and there is no source.
 */
import type { DerivedSource, JoinStep } from '@syncline/runtime/contract'
import { followPath, type LocalAttribute, type PathStep, type Project, type ServerEntity } from '@/designer/model'
import { type ExpressionFault, readExpression } from './expression'
import { isTracked, scopeTable } from './scopes/scope-facts'

export type ReadDerived =
  | {
      readonly kind: 'derived'
      readonly source: DerivedSource
      readonly column: string
      readonly canFail: string | null
    }
  | { readonly kind: 'faulty'; readonly faults: readonly DerivedFault[] }

export interface DerivedFault {
  readonly code: ExpressionFault['code'] | 'SL3010' | 'SL3011' | 'SL3012'
  /** Goes on after `"name" of "entity" `. */
  readonly says: string
}

/** Null for a column of the root. */
export function readDerived(
  project: Pick<Project, 'serverEntities'>,
  root: ServerEntity,
  { source }: LocalAttribute,
): ReadDerived | null {
  switch (source.kind) {
    case 'root':
      return null
    case 'denormalised':
      return readPath(project, root, source.path, source.attribute)
    case 'computed':
      return readComputation(root, source.expression, source.type)
  }
}

function readPath(
  project: Pick<Project, 'serverEntities'>,
  root: ServerEntity,
  path: readonly string[],
  attribute: string,
): ReadDerived {
  const followed = followPath(project, root.id, path)
  if (followed === null || path.length === 0) {
    return faulty('SL3010', 'is read along a foreign key that is not in the schema any more.')
  }
  const server = followed.end.attributes[attribute]
  if (server === undefined) {
    return faulty('SL3010', `is a column of "${followed.end.name}" that is not in the schema any more.`)
  }
  const untracked = [root, ...followed.steps.map(({ to }) => to)].find((table) => !isTracked(table))
  if (untracked !== undefined) {
    return faulty(
      'SL3012',
      `is read from "${untracked.name}", a ${untracked.kind.replace('-', ' ')}, whose changes nothing tells.`,
    )
  }
  const again = returnsTo(followed.steps)
  if (again !== null) {
    return faulty('SL3011', `goes round in a circle: its path comes back to "${again.name}", where it has been.`)
  }
  const steps = followed.steps.map(joinStep)
  const broken = steps.find(({ columns, referencedColumns }) => columns.length !== referencedColumns.length)
  if (broken !== undefined)
    return faulty('SL3010', 'is read along a foreign key whose columns are not in the schema any more.')
  return {
    kind: 'derived',
    source: { kind: 'joined', path: steps, column: server.name },
    column: server.name,
    canFail: null,
  }
}

function readComputation(root: ServerEntity, expression: string, type: string): ReadDerived {
  if (type.trim() === '') return faulty('SL3013', 'has no type yet.')
  if (!isTypeName(type))
    return faulty('SL3013', `has the type "${type}", which is none that a computed value can have.`)
  const read = readExpression(root, expression)
  if (read.kind === 'faulty') return read
  return {
    kind: 'derived',
    // So that the value is one of that type whatever the expression gives, and the device can hold it.
    source: { kind: 'computed', sql: `(${read.sql})::${type}`, columns: read.columns },
    column: '',
    canFail: read.canFail,
  }
}

const faulty = (code: DerivedFault['code'], says: string): ReadDerived => ({ kind: 'faulty', faults: [{ code, says }] })

/** A table that refers to itself may be followed, step by step; one that was left is not to be met again. */
function returnsTo(steps: readonly PathStep[]): ServerEntity | null {
  const left = new Set<string>()
  for (const { from, to } of steps) {
    if (from.id !== to.id) left.add(from.id)
    if (left.has(to.id)) return to
  }
  return null
}

function joinStep({ from, foreignKey, to }: PathStep): JoinStep {
  const names = (entity: ServerEntity, ids: readonly string[]) => ids.flatMap((id) => entity.attributes[id]?.name ?? [])
  const [columns, referencedColumns] = [names(from, foreignKey.attributes), names(to, foreignKey.referencedAttributes)]
  return { table: scopeTable(to), columns, referencedColumns }
}

/** What `format_type` prints of a type that is not somebody's own; nothing else goes into a statement. */
function isTypeName(type: string): boolean {
  return /^[a-z][a-z ]*(\(\d+(,\s?-?\d+)?\))?[a-z ]*(\[\])*$/.test(type.trim())
}
