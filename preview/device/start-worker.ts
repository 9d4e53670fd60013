/** The page's end of a worker: starts it, hands it its private port, and ends it. */
import type { Boot, DeviceMethods, PageMethods, ServerMethods, WorkerEvent } from './messages'
import { createPeer, type Peer } from './peer'

export interface RunningWorker<Remote extends DeviceMethods | ServerMethods> {
  readonly peer: Peer<Remote, never>
  /** Ends the worker at once and frees its memory; calls under way reject. */
  readonly terminate: () => void
}

export interface StartWorkerOptions {
  readonly url: string
  readonly role: Boot['role']
  readonly name: string
  readonly methods: PageMethods
  readonly onEvent: (event: WorkerEvent) => void
  /** The worker ended by itself; its calls reject with the same words. */
  readonly onStopped: (message: string) => void
}

export function startWorker<Remote extends DeviceMethods | ServerMethods>(
  options: StartWorkerOptions,
): RunningWorker<Remote> {
  const worker = new Worker(options.url, { type: 'module', name: `syncline-${options.name}` })
  const channel = new MessageChannel()
  const peer = createPeer<Remote, never, PageMethods, WorkerEvent>({
    port: channel.port1,
    methods: options.methods,
    onEvent: options.onEvent,
  })
  const terminate = (reason: string) => {
    worker.terminate()
    peer.close(reason)
  }
  // A worker whose script fails says so only here; without this its calls would wait for ever.
  worker.onerror = (event) => {
    event.preventDefault()
    const reason = event.message || 'its script could not be loaded'
    const message = `The worker of ${options.name} stopped: ${reason}. Reset the preview to start it again.`
    terminate(message)
    options.onStopped(message)
  }
  const boot: Boot = { kind: 'boot', role: options.role, port: channel.port2 }
  worker.postMessage(boot, [channel.port2])
  return { peer, terminate: () => terminate(`The worker of ${options.name} was ended.`) }
}
