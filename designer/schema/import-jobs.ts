/**
 * Starts import jobs, each in a worker of its own: PGlite blocks its thread, a worker can be ended at any
 * moment, and its memory goes with it.
 */
import { Worker } from 'node:worker_threads'
import type { ServerSchema } from '@/designer/model/project'
import type { ImportProgress, ImportResult } from './import-result'
import { importWorkerPath } from './worker-entry'

export type ImportJob =
  | { readonly kind: 'dump'; readonly bytes: Uint8Array; readonly fileName: string | null; readonly keepData: boolean }
  | { readonly kind: 'url'; readonly url: string; readonly keepData: boolean }
  | { readonly kind: 'start-data'; readonly schema: ServerSchema }

export type JobMessage =
  | { readonly kind: 'progress'; readonly progress: ImportProgress }
  | { readonly kind: 'import'; readonly result: ImportResult }
  | { readonly kind: 'start-data'; readonly bytes: Uint8Array }

export type JobAnswer = Exclude<JobMessage, { kind: 'progress' }>

export interface JobOptions {
  readonly onProgress?: (progress: ImportProgress) => void
  readonly signal?: AbortSignal
}

/** Resolves with the job's answer, or null where the signal ended it; rejects where the worker broke. */
export function runImportJob(job: ImportJob, { onProgress, signal }: JobOptions): Promise<JobAnswer | null> {
  if (signal?.aborted === true) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    // The parent's flags are for the parent: the entry registers what it needs.
    const worker = new Worker(importWorkerPath(), { workerData: job, execArgv: [] })
    const settle = (end: () => void) => {
      signal?.removeEventListener('abort', abort)
      worker.removeAllListeners()
      // A worker that is being ended may still report an error, which nobody waits for any more.
      worker.on('error', () => undefined)
      void worker.terminate()
      end()
    }
    const abort = () => settle(() => resolve(null))
    signal?.addEventListener('abort', abort)
    worker.on('message', (message: JobMessage) => {
      if (message.kind === 'progress') onProgress?.(message.progress)
      else settle(() => resolve(message))
    })
    worker.on('error', (error) => settle(() => reject(error)))
    worker.on('exit', (code) =>
      settle(() => reject(new Error(`The import worker ended with code ${code} before it answered.`))),
    )
  })
}

/** As an import's result: a worker that breaks, for want of memory say, fails the import and nothing else. */
export async function runImport(job: ImportJob, options: JobOptions): Promise<ImportResult> {
  try {
    const answer = await runImportJob(job, options)
    if (answer === null)
      return { kind: 'failed', reason: 'cancelled', message: 'The import was cancelled. Nothing was imported.' }
    if (answer.kind === 'import') return answer.result
    throw new Error(`The import worker answered ${answer.kind}.`)
  } catch (error) {
    return {
      kind: 'failed',
      reason: 'broken',
      message:
        `The import stopped unexpectedly (${error instanceof Error ? error.message : String(error)}). Nothing was imported. ` +
        'If the dump is large, export the schema alone (pg_dump --schema-only) and import that.',
    }
  }
}
