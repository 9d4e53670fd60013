import ELK from 'elkjs/lib/elk-api'
import { gridLayout } from '@/designer/model/card-layout'
import type { Moves } from '@/designer/model/operations/layout'
import type { Project } from '@/designer/model/project'
import { dagreLayout } from './dagre-layout'
import { placesOf, toElkGraph } from './elk-graph'

export type Arrangement =
  | { readonly kind: 'arranged'; readonly by: 'elk' | 'dagre' | 'columns'; readonly places: Moves }
  | { readonly kind: 'cancelled' }

/** Longer than this nobody waits for a picture. */
const DEADLINE_MS = 10_000
/** Dagre runs where the page does, which must not stand still. */
const MOST_FOR_DAGRE = 200

/** Places for all cards, worked out in a worker that is ended when it is called off or takes too long. */
export async function arrange(project: Project, signal: AbortSignal): Promise<Arrangement> {
  const elk = new ELK({
    workerFactory: () => new Worker(new URL('./elk.worker.ts', import.meta.url), { type: 'module' }),
  })
  try {
    const places = placesOf(await Promise.race([elk.layout(toElkGraph(project)), ends(signal)]))
    return { kind: 'arranged', by: 'elk', places }
  } catch {
    if (signal.aborted) return { kind: 'cancelled' }
    return withoutElk(project)
  } finally {
    elk.terminateWorker()
  }
}

function withoutElk(project: Project): Arrangement {
  if (Object.keys(project.localEntities).length <= MOST_FOR_DAGRE) {
    try {
      return { kind: 'arranged', by: 'dagre', places: dagreLayout(project) }
    } catch {
      // Some graphs are beyond it; columns always can be made.
    }
  }
  return { kind: 'arranged', by: 'columns', places: gridLayout(project) }
}

/** Fails when the signal does, or when the time is over. */
function ends(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = AbortSignal.timeout(DEADLINE_MS)
    for (const end of [signal, late]) {
      if (end.aborted) reject(end.reason)
      end.addEventListener('abort', () => reject(end.reason), { once: true })
    }
  })
}
