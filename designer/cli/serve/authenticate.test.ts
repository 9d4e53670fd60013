import type { Bundle } from '@syncline/runtime/contract'
import { describe, expect, it } from 'vitest'
import { createDevice } from '@/runtime/client'
import { createServer } from '@/runtime/server'
import { openMemory } from '@/runtime/storage/memory/open-memory'
import { FIELD_BUNDLE, FIELD_SERVER_SQL } from '@/runtime/testing/field-bundle'
import { openFreshPGlite } from '@/runtime/testing/fresh-pglite'
import { httpTransport } from '@/runtime/transport'
import { authenticateForDevelopment, refuseBadClaims } from './authenticate'

const asking = (headers: Record<string, string>) => new Request('http://localhost:4000/sync', { headers })

describe('who the development server thinks is asking', () => {
  it.each([
    [{}, { user: 'anonymous', claims: {} }],
    [{ 'x-syncline-user': 'ann' }, { user: 'ann', claims: {} }],
    [
      { authorization: 'Bearer bob', 'x-syncline-user': 'ann' },
      { user: 'bob', claims: {} },
    ],
    [
      { 'x-syncline-user': 'ann', 'x-syncline-claims': '{"region":"M\\u00fcnchen","teams":[1,2]}' },
      { user: 'ann', claims: { region: 'München', teams: [1, 2] } },
    ],
  ])('is as the headers say: %j', (headers: Record<string, string>, session) => {
    expect(authenticateForDevelopment(asking(headers))).toEqual(session)
  })

  it.each(['region=north', '"north"', '["north"]', 'null', ''])('is nobody where the claims are %j', async (claims) => {
    const request = () => asking({ 'x-syncline-user': 'ann', 'x-syncline-claims': claims })
    expect(() => authenticateForDevelopment(request())).toThrow('no JSON object')
    const answer = await refuseBadClaims(async () => new Response())(request())
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({
      error: {
        kind: 'unauthenticated',
        message:
          'The header x-syncline-claims is no JSON object. Give claims as {"region": "north"}; JSON writes what is not ASCII as \\u00fc.',
      },
    })
  })
})

describe('claims of the header', () => {
  it('are those that scopes read', async () => {
    const where = `b.city = session.claims ->> 'city'`
    const read = { where, columns: ['city'], claims: ['city'], tables: [], readsTime: false }
    const bundle: Bundle = {
      ...FIELD_BUNDLE,
      entities: FIELD_BUNDLE.entities.map((entity) =>
        entity.id === 'le_company' ? { ...entity, scope: { read, write: null } } : entity,
      ),
    }
    const database = await openFreshPGlite()
    await database.execute(FIELD_SERVER_SQL)
    const server = await createServer(bundle, { database, authenticate: authenticateForDevelopment })
    await server.install()
    const seen = async (headers: Record<string, string>) => {
      const transport = httpTransport('http://localhost/', { headers, fetch: refuseBadClaims(server.fetch) })
      const device = await createDevice(bundle, { storage: await openMemory(), transport, session: { user: 'ann' } })
      const outcome = await device.sync.trigger('Default')
      const rows = await device.entities.Companies?.list()
      await device.close()
      return outcome.kind === 'completed' ? rows?.map(({ city }) => city) : outcome
    }
    expect(await seen({ 'x-syncline-claims': JSON.stringify({ city: 'Leeds' }) })).toEqual(['Leeds'])
    expect(await seen({})).toEqual([])
    expect(await seen({ 'x-syncline-claims': 'Leeds' })).toMatchObject({
      kind: 'failed',
      error: { kind: 'unauthenticated', message: expect.stringContaining('The header x-syncline-claims') },
    })
    await server.close()
  })
})
