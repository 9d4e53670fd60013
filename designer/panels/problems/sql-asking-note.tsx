import { useStore } from 'zustand'
import { useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'

/** Whether what PostgreSQL says of the project's SQL is still to come; nothing where all of it is there. */
export function SqlAskingNote() {
  const { compilation } = useSession()
  const sql = useStore(compilation, (state) => state.sql)
  switch (sql.kind) {
    case 'answered':
      return null
    case 'asking':
      return (
        <p className="row-note" role="status">
          Asking PostgreSQL about {counted(sql.pieces, 'expression or scope', 'expressions and scopes')}…
        </p>
      )
    case 'away':
      return (
        <p className="row-note flex flex-wrap items-center gap-2" role="status">
          PostgreSQL was not asked about {counted(sql.pieces, 'expression or scope', 'expressions and scopes')}:{' '}
          {sql.message}
          <button type="button" className="btn btn-sm" onClick={compilation.askAgain}>
            Ask again
          </button>
        </p>
      )
  }
}
