/** A device that is online shows what another program commits in well under a second, without asking again and again. */
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '../contract'
import { nodeListener } from '../server/node-listener'
import { deferred } from '../testing/deferred'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import { httpTransport } from '../transport'
import { PROOF_BUNDLE } from './proof-bundle'
import { createProofWorld, expectEqualToServer, sync } from './proof-world'

let real: RealPostgres
beforeAll(async () => {
  real = await startPostgres()
})
afterAll(() => real?.stop())

const BUNDLE: Bundle = {
  ...PROOF_BUNDLE,
  units: PROOF_BUNDLE.units.map((unit) =>
    unit.name === 'Default' ? { ...unit, triggers: { ...unit.triggers, onPoke: true } } : unit,
  ),
}

describe('an online device', () => {
  it('shows a change by psql in well under a second', async () => {
    const world = await createProofWorld(await real.createDatabase(), BUNDLE)
    const http = createHttpServer(nodeListener((request) => world.server.fetch(request)))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    try {
      const opened = deferred()
      const transport = httpTransport(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)
      const device = await world.openDevice('sqlite', {
        transport: {
          ...transport,
          events: async (options) => {
            const onOpen = () => {
              opened.resolve()
              options.onOpen()
            }
            await transport.events?.({ ...options, onOpen })
          },
        },
      })
      await opened.promise
      await sync(device)
      const psql = await world.connect()
      const durations: number[] = []
      for (let n = 0; n < 5; n += 1) {
        const shown = deferred()
        const stop = device.on('change', async ({ origin }) => {
          const company = origin === 'sync' ? await device.entities.Companies?.get(1) : null
          if (company?.city === `City ${n}`) shown.resolve()
        })
        const began = performance.now()
        await psql`update companies set city = ${`City ${n}`} where id = 1`
        await shown.promise
        durations.push(performance.now() - began)
        stop()
      }
      expect(Math.min(...durations)).toBeLessThan(1000)
      await expectEqualToServer(device, world)
    } finally {
      await world.close()
      http.closeAllConnections()
      http.close()
    }
  })
})
