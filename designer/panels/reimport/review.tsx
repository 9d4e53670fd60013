import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { takeSchema } from '@/designer/model/operations/server-schema'
import { useEdit, useSession } from '@/designer/stores/session'
import { useTRPC } from '@/designer/stores/trpc'
import type { ReadDatabase } from '../home/run-import'
import { Dialog } from '../ui/dialog'
import { counted } from '../ui/format'
import { useToast } from '../ui/toasts'
import { ChangeList } from './change-list'
import { RenameQuestions } from './rename-questions'
import { ReviewSummary } from './review-summary'
import { type SchemaReview, useReview } from './use-review'

interface Props {
  readonly read: ReadDatabase
  readonly onClose: () => void
}

/** The changes one by one, to take or to refuse; nothing of the project changes before it is applied. */
export function Review({ read, onClose }: Props) {
  const session = useSession()
  // The dialog is modal, so the project stays as it was when the database was read.
  const [project] = useState(() => session.project.getState().history.project)
  const review = useReview(project, read.schema)
  const [replaceRows, setReplaceRows] = useState(true)
  const apply = useApply(review, read, onClose)
  const listed = useMemo(() => review.changes.filter(({ change }) => change.kind !== 'details'), [review.changes])
  const taken = review.diff.changes.filter(({ id }) => review.isTaken(id)).length
  const takesRows = read.startData !== null && replaceRows

  return (
    <Dialog
      open
      onClose={onClose}
      title="What has changed in the database"
      className="w-[min(880px,calc(100vw-32px))]"
      footer={
        <>
          <span className="hint mr-auto">
            {review.diff.changes.length > 0 && `${taken} of ${counted(review.diff.changes.length, 'change')} taken`}
          </span>
          <button type="button" className="btn" onClick={onClose}>
            {taken === 0 && !takesRows ? 'Close' : 'Cancel'}
          </button>
          {(review.diff.changes.length > 0 || read.startData !== null) && (
            <button
              type="button"
              className="btn btn-primary"
              disabled={(taken === 0 && !takesRows) || apply.isPending}
              onClick={() => apply.run(takesRows)}
            >
              {taken === 0 && takesRows ? 'Take the rows' : `Take ${counted(taken, 'change')}`}
            </button>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        {listed.length === 0 ? (
          <div className="callout callout-ok" role="status">
            <CircleCheck aria-hidden />
            <p>The schema is the same as in the project: {counted(tablesOf(read), 'table')}, nothing to take.</p>
          </div>
        ) : (
          <ReviewSummary review={review} listed={listed} />
        )}
        <RenameQuestions review={review} before={project} after={read.schema} />
        <ChangeList review={review} before={project} />
        {read.startData !== null && (
          <label className="flex items-start gap-2">
            <input
              type="checkbox"
              className="checkbox mt-[3px]"
              checked={replaceRows}
              onChange={({ target }) => setReplaceRows(target.checked)}
            />
            <span>
              Replace the start data by the {counted(read.rows, 'row')} that were read
              <span className="hint block">
                The preview’s server starts from them, and scopes are tried on them. Undo brings the former ones back.
              </span>
            </span>
          </label>
        )}
      </div>
    </Dialog>
  )
}

const tablesOf = ({ schema }: ReadDatabase): number => Object.keys(schema.serverEntities).length

function useApply(review: SchemaReview, read: ReadDatabase, onClose: () => void) {
  const session = useSession()
  const edit = useEdit()
  const toast = useToast()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const takeRows = useMutation(
    trpc.startData.take.mutationOptions({
      // What was counted, was counted on other rows.
      onSuccess: () => {
        session.compilation.forgetTried()
        return void queries.resetQueries({ queryKey: ['scope-counts', session.projectId] })
      },
      onError: ({ message }) => toast({ message, urgent: true }),
    }),
  )
  /** Rows go with the schema that the server knows, so that is saved first. */
  const replaceRows = async (token: string, schemaChanged: boolean) => {
    await session.flush()
    const { former } = await takeRows.mutateAsync({ id: session.projectId, token })
    // With a changed schema the former rows come back when that is undone.
    if (former === null || schemaChanged) return
    toast({
      message: `The start data are now the ${counted(read.rows, 'row')} that were read.`,
      action: {
        label: 'Undo',
        run: () => {
          takeRows.mutate({ id: session.projectId, token: former })
          session.announce('The former start data are back')
        },
      },
    })
  }
  const run = (withRows: boolean) => {
    const taken = review.changes.filter(({ change }) => review.isTaken(change.id))
    const result = edit('Take changes of the database', (draft) => takeSchema(draft, read.schema, review.choices))
    if (result.kind === 'refused') return
    // What goes wrong is told by the mutation itself.
    if (withRows && read.startData !== null) replaceRows(read.startData, taken.length > 0).catch(() => {})
    if (taken.some(({ meanings }) => meanings.some(({ weight }) => weight === 'breaks')))
      session.panels.showBottom('problems')
    if (taken.length > 0) session.offerUndo(`Took ${counted(taken.length, 'change')} of the database.`)
    onClose()
  }
  return { run, isPending: takeRows.isPending }
}
