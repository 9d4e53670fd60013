/** What an import worker does: one job, whose answer is its last message. */
import { parentPort, workerData } from 'node:worker_threads'
import { importFromDump } from './import-from-dump'
import { importFromUrl } from './import-from-url'
import type { ImportJob, JobMessage } from './import-jobs'
import type { ImportProgress } from './import-result'
import { makeStartData } from './make-start-data'

async function run(job: ImportJob, onProgress: (progress: ImportProgress) => void): Promise<JobMessage> {
  switch (job.kind) {
    case 'dump':
      return { kind: 'import', result: await importFromDump(job, onProgress) }
    case 'url':
      return { kind: 'import', result: await importFromUrl(job, onProgress) }
    case 'start-data':
      return { kind: 'start-data', bytes: await makeStartData(job.schema) }
  }
}

function post(message: JobMessage): void {
  parentPort?.postMessage(message)
}

// Typed by the only code that starts this file.
const message = await run(workerData as ImportJob, (progress) => post({ kind: 'progress', progress }))
post(message)
