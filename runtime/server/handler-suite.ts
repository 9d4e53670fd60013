/** What a server answers to what is no sync, on whatever database it runs. */
import { beforeEach, expect, it } from 'vitest'
import type { Database } from '../contract'
import { createServer } from './create-server'
import { createWire, SHOP, SHOP_SQL, startServer, type Wire } from './testing-wire'

const HEALTH = 'http://server.test/health'

export function describeHandler(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Wire
  beforeEach(async () => {
    database = await openDatabase()
    await database.execute(SHOP_SQL)
    wire = await startServer(database)
  })
  const asked = async (response: Response | Promise<Response>) => {
    const { status, ...rest } = await response
    void rest
    return [status, await (await response).json()]
  }

  it.each([
    ['GET', '/sync'],
    ['POST', '/'],
    ['POST', '/sync/more'],
  ])('answers 404 to %s %s', async (method, path) => {
    expect(await asked(wire.server.fetch(new Request(`http://server.test${path}`, { method })))).toMatchObject([
      404,
      { error: { kind: 'not-found' } },
    ])
  })

  it.each([
    ['no body', null],
    ['no JSON', '{'],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['null', 'null'],
    ['a list', '[]'],
    ['another form', '{"protocol":2,"push":[]}'],
    [
      'an edit of no kind',
      JSON.stringify({
        protocol: 2,
        schemaHash: '',
        sentAt: 0,
        device: '00000000-0000-4000-8000-000000000001',
        push: [{ id: '00000000-0000-4000-8000-000000000001', edits: [{ op: 'drop' }] }],
        pull: [],
        resume: null,
      }),
    ],
  ])('refuses %s as an invalid message', async (_, body) => {
    const request = new Request('http://server.test/sync', { method: 'POST', body })
    expect(await asked(wire.server.fetch(request))).toMatchObject([400, { error: { kind: 'invalid-message' } }])
  })

  it('tells the length of its answers, so that an adapter sends them whole', async () => {
    for (const response of [await wire.post({ protocol: 0 }), await wire.server.fetch(new Request(HEALTH))]) {
      const length = Number(response.headers.get('content-length'))
      expect((await response.arrayBuffer()).byteLength).toBe(length)
    }
  })

  it('tells an app of another protocol who is to be updated', async () => {
    expect(await asked(wire.post({ protocol: 0 }))).toMatchObject([
      409,
      { error: { kind: 'incompatible', message: expect.stringContaining('Update the app') } },
    ])
    expect(await asked(wire.post({ protocol: 99 }))).toMatchObject([
      409,
      { error: { kind: 'incompatible', message: expect.stringContaining('Update the server') } },
    ])
  })

  it.each([
    ['null', () => null],
    ['a rejection', () => Promise.reject(new Error('secret reason'))],
    [
      'an exception',
      () => {
        throw new Error('secret reason')
      },
    ],
  ])('answers 401 where authenticate gives %s, before it reads anything', async (_, authenticate) => {
    const server = await createServer(SHOP, { database, authenticate })
    const answer = await asked(createWire(server, SHOP).post('whatever'))
    expect(answer).toMatchObject([401, { error: { kind: 'unauthenticated' } }])
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  it('says that it is well, and when it is not installed', async () => {
    const health = () => asked(wire.server.fetch(new Request('http://server.test/health')))
    expect(await health()).toEqual([200, { status: 'ok', protocol: 2, schemaHash: 'shop-1' }])
    await wire.server.uninstall()
    expect(await health()).toMatchObject([503, { status: 'not-installed' }])
    await expect(wire.pull(['le_item'])).rejects.toThrow(/500.*server-failed.*server\.install\(\)/)
  })

  it('L8 tells nothing of a fault in its database but that there was one', async () => {
    await database.execute('alter table item rename column label to caption')
    const failure = await wire.pull(['le_item']).catch(String)
    expect(failure).toMatch(/500.*server-failed/)
    expect(failure).not.toMatch(/label|select|item/i)
  })

  it('refuses a bundle of another version', async () => {
    const old = { ...SHOP, bundleVersion: 0 as unknown as typeof SHOP.bundleVersion }
    await expect(createServer(old, { database, authenticate: () => null })).rejects.toThrow('Compile the project again')
  })
}
