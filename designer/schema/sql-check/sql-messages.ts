import type { ServerSchema, SqlAnswers, SqlQuestion } from '@/designer/model'

export interface SqlRequest {
  readonly id: number
  readonly schema: ServerSchema
  readonly questions: readonly SqlQuestion[]
}

export interface SqlReply {
  readonly id: number
  readonly answers: SqlAnswers
}
