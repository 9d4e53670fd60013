import type { Answer, Question } from './answers'

export interface SampleWorkerData {
  /** A PGlite data directory, as a gzip tarball. */
  readonly bytes: Uint8Array
  readonly extensions: readonly string[]
}

export interface SampleQuestion {
  readonly id: number
  /** Null where nobody waits for the answer any more. */
  readonly questions: readonly Question[] | null
}

export interface SampleAnswer {
  readonly id: number
  readonly answers: readonly Answer[]
}
