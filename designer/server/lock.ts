import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { StartError } from './start-error'

export interface Lock {
  readonly release: () => Promise<void>
}

/** `startedAt` tells a process from a later one with the same number; null where the system doesn't say. */
const Holder = z.object({ pid: z.number().int(), startedAt: z.string().nullable() })
type Holder = z.infer<typeof Holder>

/**
 * Takes the folder for this process. The embedded database is for one process at a time: a second
 * one would damage it. A lock whose process has ended is taken over.
 */
export async function acquireLock(directory: string): Promise<Lock> {
  await makeFolder(resolve(directory))
  const path = join(directory, 'lock')
  const own: Holder = { pid: process.pid, startedAt: await startOfProcess(process.pid) }
  const draft = join(directory, `lock-${randomUUID()}`)
  try {
    await writeFile(draft, JSON.stringify(own))
    for (let attempt = 0; attempt < 2; attempt += 1) {
      // A link is made whole or not at all, so that nobody ever reads half a lock.
      const taken = await link(draft, path).then(() => true, isAlreadyThere)
      if (taken) return { release: () => rm(path, { force: true }) }
      const holder = await readHolder(path)
      if (holder !== null && (await isRunning(holder))) throw heldBy(directory, holder)
      await rm(path, { force: true })
    }
    throw new StartError(`The lock ${path} is being taken by another Syncline. Start again in a moment.`)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Step by step: Node's own recursive way never ends where a file system, such as Linux' /proc, refuses new folders oddly. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await mkdir(path)
  }
}

function heldBy(directory: string, holder: Holder): StartError {
  return new StartError(
    `Another Syncline (process ${holder.pid}) uses the folder ${directory}, and only one may. ` +
      'Stop it, or set SYNCLINE_DIR to another folder for this one.',
  )
}

function isAlreadyThere(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
  throw error
}

async function readHolder(path: string): Promise<Holder | null> {
  const text = await readFile(path, 'utf8').catch(() => '')
  try {
    return Holder.parse(JSON.parse(text))
  } catch {
    return null
  }
}

async function isRunning(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return holder.startedAt === null || holder.startedAt === (await startOfProcess(holder.pid))
}

/** Field 22 of Linux' /proc/PID/stat; the name in field 2 may hold spaces and brackets. */
async function startOfProcess(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}
