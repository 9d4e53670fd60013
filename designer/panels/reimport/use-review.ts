import { useMemo, useState } from 'react'
import type { Project, ServerSchema } from '@/designer/model/project'
import { diffSchemas, type SchemaChoices, type SchemaDiff } from '@/designer/model/schema-diff'
import { createMeaning, type Meaning } from '@/designer/model/schema-diff/meaning'
import { closedNeeds, closedRefusals } from '@/designer/model/schema-diff/needs'
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

  const questions = useMemo(() => renameQuestions(project, after, answers), [project, after, answers])
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
    answerAll: (confirmed) => setAnswers(sameAnswers(project, after, confirmed)),
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
function sameAnswers(project: Project, after: ServerSchema, confirmed: boolean): ReadonlyMap<string, boolean> {
  let answers: ReadonlyMap<string, boolean> = new Map()
  for (;;) {
    const open = renameQuestions(project, after, answers).filter(({ key }) => !answers.has(key))
    if (open.length === 0) return answers
    answers = new Map([...answers, ...open.map(({ key }) => [key, confirmed] as const)])
  }
}
