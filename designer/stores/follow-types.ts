import { postgresType } from '@/designer/compiler/sql-check/sql-findings'
import type { SqlPiece } from '@/designer/compiler/sql-check/sql-pieces'
import type { Project } from '@/designer/model/project'
import type { SqlAnswer } from '@/designer/model/sql-question'

/** A computed attribute whose type PostgreSQL knows better. */
export interface TypeToTake {
  readonly entity: string
  readonly attribute: string
  readonly expression: string
  readonly type: string
}

/** What “Add computed” gives an attribute, before there is an expression to speak of. */
const TYPE_AS_MADE = 'text'

interface Seen {
  readonly expression: string
  /** What PostgreSQL works out. */
  readonly type: string
}

/**
 * The type of a computed value follows its expression until somebody chooses another: it does while it is the one that
 * PostgreSQL gave the expression before, or the one that the attribute was made with. Each expression is followed once,
 * so that undo can go back behind it.
 */
export function createTypeFollower(start: Project) {
  const seen = new Map<string, Seen>()
  const isNew = (entity: string, attribute: string) => start.localEntities[entity]?.attributes[attribute] === undefined

  return (project: Project, pieces: readonly SqlPiece[], answerOf: (piece: SqlPiece) => SqlAnswer | null) =>
    pieces.flatMap((piece): TypeToTake[] => {
      const { about } = piece
      if (about.kind !== 'computed') return []
      const { entity, attribute } = about
      const source = project.localEntities[entity]?.attributes[attribute]?.source
      if (source?.kind !== 'computed' || source.expression !== about.typed) return []
      const { expression, type } = source
      const before = seen.get(attribute)
      const answer = answerOf(piece)
      const known = answer === null ? null : postgresType(project, answer)
      if (known === null) return []
      seen.set(attribute, { expression, type: known })
      if (known === type || before?.expression === expression) return []
      const follows = before === undefined ? type === TYPE_AS_MADE && isNew(entity, attribute) : type === before.type
      return follows || type === '' ? [{ entity, attribute, expression, type: known }] : []
    })
}
