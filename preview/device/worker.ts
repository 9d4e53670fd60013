/** The worker's entry: seals its globals, then plays a device or the server over a port that the bundle's code can't reach. */
import { createDeviceRole } from './device-role'
import type { Boot, DeviceMethods, PageMethods, ServerMethods, WorkerEvent } from './messages'
import { createPeer, type Peer } from './peer'
import { sealGlobals } from './sandbox'
import { createServerRole } from './server-role'

globalThis.onmessage = ({ data }: MessageEvent<Boot>) => {
  globalThis.onmessage = null
  boot(data)
}

function boot({ role, port }: Boot): void {
  const stuck = sealGlobals(globalThis)
  if (stuck.length > 0)
    throw new Error(`This browser keeps ${stuck.join(', ')} in workers, so a bundle can't be run apart from the page.`)
  switch (role) {
    case 'device': {
      const page: Peer<PageMethods, WorkerEvent> = createPeer<PageMethods, WorkerEvent, DeviceMethods, never>({
        port,
        methods: createDeviceRole({
          tell: (event) => page.tell(event),
          carry: (request) => page.call('carry', request),
        }),
        onEvent: () => {},
      })
      return
    }
    case 'server': {
      const page: Peer<PageMethods, WorkerEvent> = createPeer<PageMethods, WorkerEvent, ServerMethods, never>({
        port,
        methods: createServerRole({
          tell: (event) => page.tell(event),
          extension: (name) => page.call('extension', name),
        }),
        onEvent: () => {},
      })
    }
  }
}
