import { createDevice } from '../client'
import { createServer } from '../server'
import { openMemory, openPGlite } from '../storage'
import { httpTransport } from '../transport'
import { TASKS_BUNDLE, TASKS_SQL } from './tasks-bundle'

/** A device reads its team's tasks, works without a connection, and sends what it did. */
export async function offlineEdit() {
  const database = await openPGlite('memory://') // or: await openPostgres('postgres://…')
  await database.execute(TASKS_SQL)
  const server = await createServer(TASKS_BUNDLE, {
    database,
    authenticate: async () => ({ user: 'ann', claims: { team: 'north' } }),
  })
  await server.install()

  const device = await createDevice(TASKS_BUNDLE, {
    storage: await openMemory(), // or: openPGlite('idb://tasks'), openSqlite('tasks.db')
    transport: httpTransport('http://server.test/', { fetch: (request) => server.fetch(request) }),
    session: { user: 'ann', claims: { team: 'north' } },
  })
  await device.sync.trigger('Default')
  const [task] = (await device.entities.Tasks?.list({ orderBy: 'title' })) ?? []

  await device.entities.Tasks?.update(task?.id ?? null, { done: true })
  const pendingBefore = device.sync.status.pending
  const outcome = await device.sync.trigger('Default')

  const done = await database.query('select title from tasks where done')
  await device.close()
  await server.close()
  return { pendingBefore, outcome: outcome.kind, done }
}
