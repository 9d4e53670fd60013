import { createDevice } from '../client'
import { createServer } from '../server'
import { openFiles, openMemory, openPGlite } from '../storage'
import { httpTransport } from '../transport'
import { PHOTO_BUNDLE, TASKS_SQL } from './tasks-bundle'

/** One device takes a photo offline; another fetches it when somebody looks at it. */
export async function attachPhoto() {
  const database = await openPGlite('memory://')
  await database.execute(TASKS_SQL)
  const session = { user: 'ann', claims: { team: 'south' } }
  const server = await createServer(PHOTO_BUNDLE, { database, authenticate: async () => session })
  await server.install()
  const transport = httpTransport('http://server.test/', { fetch: (request) => server.fetch(request) })
  const open = async () =>
    createDevice(PHOTO_BUNDLE, {
      storage: await openMemory(),
      files: await openFiles('memory://'), // or a folder in Node, opfs://tasks in a browser
      transport,
      session,
    })
  const [phone, tablet] = [await open(), await open()]
  await phone.sync.trigger('Default')
  const [task] = (await phone.entities.Tasks?.list()) ?? []

  await phone.entities.Tasks?.update(task?.id ?? null, { photo: new TextEncoder().encode('as a camera gives it') })
  await phone.sync.trigger('Default')
  await tablet.sync.trigger('Default')

  // The row came with the content's name; the content comes when it is asked for, and stays.
  const row = await tablet.entities.Tasks?.get(task?.id ?? null)
  const photo = await tablet.entities.Tasks?.file?.(task?.id ?? null, 'photo')
  await phone.close()
  await tablet.close()
  await server.close()
  return { name: row?.photo, photo: new TextDecoder().decode(photo ?? undefined) }
}
