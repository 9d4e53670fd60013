import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '@/designer/server/database'
import { storageSettings } from '@/designer/server/settings'

const root = process.cwd()
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncline-start-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

interface Ended {
  readonly exitCode: number | null
  readonly printed: string
}

/** Runs `npm start` with what it needs to fail early, and waits until it has ended. */
function start(options: {
  readonly args?: readonly string[]
  readonly env?: Record<string, string>
  readonly node?: readonly string[]
}): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [...(options.node ?? []), join(root, 'designer', 'cli', 'start.mjs'), ...(options.args ?? [])],
    { cwd: tmpdir(), env: { ...process.env, PORT: '0', DATABASE_URL: '', SYNCLINE_DIR: directory, ...options.env } },
  )
  return ended(child)
}

function ended(child: ChildProcess): Promise<Ended> {
  let printed = ''
  const collect = (part: Buffer) => {
    printed += part.toString()
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  return new Promise((resolve) => child.once('close', (exitCode) => resolve({ exitCode, printed })))
}

const listenOn = (host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, host, () => resolve(server))
  })

describe('starting says what is wrong, what to do, and nothing else', () => {
  it.each(['127.0.0.1', '::1'])('where the port is in use on %s', async (host) => {
    const other = await listenOn(host)
    const { port } = other.address() as AddressInfo
    const { exitCode, printed } = await start({ env: { PORT: String(port) } })
    other.close()
    expect(printed.trim()).toBe(
      `Port ${port} is in use by another program. Stop that one, or choose another port: npm start -- --port ${port + 1}`,
    )
    expect(exitCode).toBe(1)
  })

  it('where the folder of projects is a file', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    const { exitCode, printed } = await start({ env: { SYNCLINE_DIR: file } })
    expect(printed).toMatch(/^\nThe folder .*file can't be written \(.+\)\. .*set SYNCLINE_DIR to another folder\.\n$/)
    expect(exitCode).toBe(1)
  })

  it('where another Syncline has the folder', async () => {
    const taken = join(directory, 'taken')
    const opened = await openDatabase(storageSettings({ NODE_ENV: 'test', SYNCLINE_DIR: taken }, root))
    const { exitCode, printed } = await start({ env: { SYNCLINE_DIR: taken } })
    await opened.close()
    expect(printed).toMatch(new RegExp(`^\\nAnother Syncline \\(process ${process.pid}\\) uses the folder`))
    expect(exitCode).toBe(1)
  })

  it('where DATABASE_URL names a server that does not answer', async () => {
    const { exitCode, printed } = await start({ env: { DATABASE_URL: 'postgres://127.0.0.1:1/none' } })
    expect(printed).toMatch(/^\nThe database that DATABASE_URL names can't be used/)
    expect(exitCode).toBe(1)
  })

  it.each(['80000', 'abc', '-1'])('where the port is %s', async (port) => {
    const { exitCode, printed } = await start({ args: [`--port=${port}`] })
    expect(printed).toContain(`"${port}" is not a port. Give a number from 0 to 65535`)
    expect(exitCode).toBe(1)
  })

  it('where an option is not known', async () => {
    const { exitCode, printed } = await start({ args: ['--prot', '1'] })
    expect(printed).toMatch(/Unknown option '--prot'.*Options: --port N/s)
    expect(exitCode).toBe(1)
  })

  it('where Node is too old, before anything is loaded that an old Node could not read', async () => {
    const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.4'})"
    const { exitCode, printed } = await start({ node: ['--import', pretend] })
    expect(printed).toBe(
      'Syncline needs Node 20.19 or newer, and this is Node 18.20.4. ' +
        'Install a newer one from https://nodejs.org and start again.\n',
    )
    expect(exitCode).toBe(1)
  })
})
