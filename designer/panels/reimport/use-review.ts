import { useMemo, useState } from 'react'
import type { Project, ServerSchema } from '@/designer/model/project'
import { diffSchemas, type SchemaChoices, type SchemaDiff } from '@/designer/model/schema-diff'
import type { Rename } from '@/designer/model/schema-diff/kept-ids'
import { createMeaning, type Meaning } from '@/designer/model/schema-diff/meaning'
import { closedNeeds, closedRefusals } from '@/designer/model/schema-diff/needs'
import { type NewName, newNamesOf } from '@/designer/model/schema-diff/new-names'
import { renameKey } from '@/designer/model/schema-diff/rename-candidates'
import { type RenameQuestion, renameQuestions } from '@/designer/model/schema-diff/rename-questions'
import type { SchemaChange } from '@/designer/model/schema-diff/schema-change'

export interface ReviewedChange {
  readonly change: SchemaChange
  readonly meanings: readonly Meaning[]
}

export interface SchemaReview {
  readonly diff: SchemaDiff
  readonly changes: readonly ReviewedChange[]
  readonly questions: readonly RenameQuestion[]
  readonly answer: (question: RenameQuestion, confirmed: boolean) => void
  /** The same answer to all that is asked, and to what is asked only because of that. */
  readonly answerAll: (confirmed: boolean) => void
  /** What a column that is gone may be called now. */
  readonly newNames: (change: SchemaChange) => readonly NewName[]
  /** The column is not gone: that is its new name. */
  readonly join: (name: NewName) => void
  readonly isTaken: (change: string) => boolean
  /** With it goes what it needs, or what needs it. */
  readonly setTaken: (change: string, taken: boolean) => void
  readonly setAll: (taken: boolean) => void
  readonly choices: SchemaChoices
}

/** Compares the project with what was read, and holds what the user decides. */
export function useReview(project: Project, after: ServerSchema): SchemaReview {
  const [answers, setAnswers] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set())

  const [byHand, setByHand] = useState<readonly Rename[]>([])

  const questions = useMemo(() => renameQuestions(project, after, answers, byHand), [project, after, answers, byHand])
  const renames = useMemo(() => questions.flatMap(({ rename, confirmed }) => (confirmed ? rename : [])), [questions])
  const diff = useMemo(() => diffSchemas(project, after, renames), [project, after, renames])
  const changes = useMemo(() => {
    const meaning = createMeaning(project, diff.read)
    return diff.changes.map((change): ReviewedChange => ({ change, meanings: meaning(change) }))
  }, [project, diff])
  const refusals = useMemo(() => closedRefusals(diff.changes, refused), [diff, refused])

  return {
    diff,
    changes,
    questions,
    answer: ({ key }, confirmed) => setAnswers(new Map(answers).set(key, confirmed)),
    answerAll: (confirmed) => setAnswers(sameAnswers(project, after, confirmed, byHand)),
    newNames: (change) => newNamesOf(change, diff.changes, diff.read, after),
    join: ({ rename }) => {
      const key = renameKey(rename)
      setByHand([...byHand.filter((each) => renameKey(each) !== key && !isSameColumn(each, rename)), rename])
      setAnswers(new Map(answers).set(key, true))
    },
    isTaken: (change) => !refusals.has(change),
    setTaken: (change, taken) => {
      const next = new Set(refusals)
      if (taken) for (const needed of closedNeeds(diff.changes, change)) next.delete(needed)
      else next.add(change)
      setRefused(next)
    },
    setAll: (taken) => setRefused(new Set(taken ? [] : diff.changes.map(({ id }) => id))),
    choices: { renames, refused: [...refusals] },
  }
}

/** A table that is another one under a new name brings questions about its columns: they are answered too. */
function sameAnswers(
  project: Project,
  after: ServerSchema,
  confirmed: boolean,
  byHand: readonly Rename[],
): ReadonlyMap<string, boolean> {
  let answers: ReadonlyMap<string, boolean> = new Map()
  for (;;) {
    const open = renameQuestions(project, after, answers, byHand).filter(({ key }) => !answers.has(key))
    if (open.length === 0) return answers
    answers = new Map([...answers, ...open.map(({ key }) => [key, confirmed] as const)])
  }
}

/** Whether both speak of the same column, so that only one of them can be. */
const isSameColumn = (a: Rename, b: Rename): boolean => a.from === b.from || a.to === b.to
