import { createDevice } from '../client'
import { createServer } from '../server'
import { openMemory, openPGlite } from '../storage'
import { httpTransport } from '../transport'
import { TASKS_BUNDLE, TASKS_SQL } from './tasks-bundle'

/** Two people change one task without knowing of each other; the second is asked. */
export async function resolveConflict() {
  const database = await openPGlite('memory://')
  await database.execute(TASKS_SQL)
  const session = { user: 'ann', claims: { team: 'south' } }
  const server = await createServer(TASKS_BUNDLE, { database, authenticate: async () => session })
  await server.install()
  const transport = httpTransport('http://server.test/', { fetch: (request) => server.fetch(request) })
  const device = await createDevice(TASKS_BUNDLE, { storage: await openMemory(), transport, session })
  await device.sync.trigger('Default')

  const [task] = (await device.entities.Tasks?.list()) ?? []
  await device.entities.Tasks?.update(task?.id ?? null, { title: 'Paint the door green' })
  await database.query(`update tasks set title = 'Paint the door blue' where team = 'south'`)
  await device.sync.trigger('Default')

  // Nothing was overwritten: the conflict waits, and all else goes on.
  const [conflict] = await device.conflicts.list()
  await device.conflicts.resolve(conflict?.id ?? '', { title: 'Paint the door green and blue' })
  await device.sync.trigger('Default')

  const [row] = await database.query(`select title from tasks where team = 'south'`)
  const left = await device.conflicts.list()
  await device.close()
  await server.close()
  return {
    kind: conflict?.kind,
    mine: conflict?.local?.title,
    theirs: conflict?.server?.title,
    title: row?.title,
    left,
  }
}
