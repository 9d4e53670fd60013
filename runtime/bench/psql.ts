/** The system's psql, which tells how long a statement took as its user sees it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface Psql {
  /** Milliseconds by psql's own `\timing`; the rows are read and thrown away. */
  readonly time: (statement: string) => Promise<number>
  /** Milliseconds that `psql -c` takes as a program: its start and its connection included. */
  readonly timeProgram: (statement: string) => Promise<number>
  readonly close: () => void
}

/** Null where the system has none. */
export async function openPsql(databaseUrl: string): Promise<Psql | null> {
  const command = await findPsql()
  if (command === null) return null
  const child = spawn(command, ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', databaseUrl])
  const lines = lineReader(child)
  child.stdin.write('\\timing on\n\\o /dev/null\n')
  return {
    time: async (statement) => {
      child.stdin.write(`${statement.trim()};\n`)
      for (;;) {
        const line = await lines()
        const [, time] = /^Time: ([\d.]+) ms/.exec(line) ?? []
        if (time !== undefined) return Number(time)
      }
    },
    timeProgram: async (statement) => {
      const start = performance.now()
      await new Promise((resolve, reject) => {
        const program = spawn(command, ['--no-psqlrc', '--quiet', '--command', statement, databaseUrl], {
          stdio: 'ignore',
        })
        program.on('error', reject).on('close', resolve)
      })
      return performance.now() - start
    },
    close: () => child.stdin.end('\\q\n'),
  }
}

async function findPsql(): Promise<string | null> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const candidates = [
    ...versions
      .sort()
      .reverse()
      .map((version) => join('/usr/lib/postgresql', version, 'bin/psql')),
    'psql',
  ]
  for (const candidate of candidates) {
    const runs = await new Promise<boolean>((resolve) => {
      const child = spawn(candidate, ['--version'], { stdio: 'ignore' })
      child.on('error', () => resolve(false))
      child.on('close', (code) => resolve(code === 0))
    })
    if (runs) return candidate
  }
  return null
}

/** Rejects when the program ends. */
function lineReader(child: ChildProcessWithoutNullStreams): () => Promise<string> {
  const ready: string[] = []
  let waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | null = null
  let rest = ''
  let complaint = ''
  const deliver = () => {
    const line = waiting ? ready.shift() : undefined
    if (line === undefined) return
    waiting?.resolve(line)
    waiting = null
  }
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    ready.push(...lines)
    deliver()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  child.on('close', () => waiting?.reject(new Error(`psql ended: ${complaint}`)))
  return () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      deliver()
    })
}
