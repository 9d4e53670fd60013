/**
 * The flow of a sync unit as its entities' patterns make it: one picture, from which both the canvas and
 * the compiler work.
 *
 *   device   start ──► push ──► pull ──► full refresh ──► check conflicts ──► purge ──► stop
 *                       ⇅        ⇅          ⇅
 *   server           validate   scope      scope
 *                      …
 *
 * Ids of generated nodes are their kinds, so that they stay the same while entities come and go: places
 * on the canvas, breakpoints and traces hold on to them. Each kind occurs once in a generated flow, but for the
 * scope, which a full refresh has too.
 */
import { type FlowEdge, type FlowNode, inOrder, type LocalEntity, type Project } from '@/designer/model'
import type { AfterStep, PullSteps } from './pattern'
import { expandEntity } from './registry'

export interface FlowGraph {
  readonly nodes: readonly FlowNode[]
  readonly edges: readonly FlowEdge[]
}

/**
 * The graph of a unit's flow: generated, or the flow's own where it has been edited. Empty where there is no such unit.
 */
export function expandUnitFlow(project: Project, unitId: string): FlowGraph {
  const unit = project.syncUnits[unitId]
  if (unit === undefined) return { nodes: [], edges: [] }
  const flow = project.flows[unit.flow]
  if (flow?.kind === 'own') return { nodes: Object.values(flow.nodes), edges: Object.values(flow.edges) }

  const steps = inOrder(unit.entities).flatMap(([id]) => {
    const entity = project.localEntities[id]
    return entity === undefined ? [] : [{ entity, ...expandEntity(entity) }]
  })
  const pulledBy = (by: PullSteps['by']): Part[] =>
    steps.flatMap(({ entity, pull }) => (pull?.by === by ? [{ entity, kinds: pull.server }] : []))
  const lanes = [
    branch(
      'push',
      steps.flatMap(({ entity, push }) => (push === null ? [] : [{ entity, kinds: push }])),
    ),
    branch('pull', pulledBy('pull')),
    branch('full-refresh', pulledBy('full-refresh')),
    ...AFTER.map((kind) => {
      const entities = steps.flatMap(({ entity, after }) => (after.includes(kind) ? [entity] : []))
      return entities.length === 0 ? NOTHING : { ...NOTHING, head: [node(kind, 'device', entities)] }
    }),
  ]
  const path = [node('start', 'device', []), ...lanes.flatMap(({ head }) => head), node('stop', 'device', [])]
  return {
    nodes: [...path, ...lanes.flatMap(({ server }) => server)],
    edges: [
      ...path.slice(1).map((to, index) => edge(path[index]?.id ?? '', 'out', to.id, 'in')),
      ...lanes.flatMap(({ edges }) => edges),
    ],
  }
}

interface Branch {
  readonly head: readonly FlowNode[]
  readonly server: readonly FlowNode[]
  readonly edges: readonly FlowEdge[]
}

interface Part {
  readonly entity: LocalEntity
  readonly kinds: readonly FlowNode['kind'][]
}

const AFTER: readonly AfterStep[] = ['check-conflicts', 'purge']

const NOTHING: Branch = { head: [], server: [], edges: [] }

/** In which order the server's nodes of a push stand, whichever entity comes first. */
const ON_PUSH: readonly FlowNode['kind'][] = ['validate', 'detect-conflicts', 'resolve', 'apply']

/** A device node with the server nodes that its request runs through, and the answer back. */
function branch(kind: 'push' | PullSteps['by'], parts: readonly Part[]): Branch {
  if (parts.length === 0) return NOTHING
  const head = node(
    kind,
    'device',
    parts.map(({ entity }) => entity),
  )
  const kinds = [...new Set(parts.flatMap((part) => part.kinds))].sort(
    (a, b) => ON_PUSH.indexOf(a) - ON_PUSH.indexOf(b),
  )
  const server = kinds.map((serverKind) => ({
    ...node(
      serverKind,
      'server',
      parts.filter((part) => part.kinds.includes(serverKind)).map(({ entity }) => entity),
    ),
    ...(kind === 'full-refresh' ? { id: `refresh_${idOf(serverKind)}` } : {}),
  }))
  const first = server[0]
  const last = server.at(-1)
  if (first === undefined || last === undefined) return { head: [head], server, edges: [] }
  return {
    head: [head],
    server,
    edges: [
      edge(head.id, 'request', first.id, 'in'),
      ...server.slice(1).map((to, index) => edge(server[index]?.id ?? '', 'out', to.id, 'in')),
      edge(last.id, 'answer', head.id, 'answer'),
    ],
  }
}

const TITLES: Partial<Record<FlowNode['kind'], string>> = {
  start: 'Start',
  push: 'Push',
  pull: 'Pull',
  stop: 'Stop',
  validate: 'Validate',
  apply: 'Apply',
  scope: 'Scope',
  'full-refresh': 'Full refresh',
  'check-conflicts': 'Check conflicts',
  'detect-conflicts': 'Detect conflicts',
  resolve: 'Resolve',
  purge: 'Purge',
}

function node(kind: FlowNode['kind'], lane: FlowNode['lane'], entities: readonly LocalEntity[]): FlowNode {
  const title = TITLES[kind] ?? kind
  return {
    id: idOf(kind),
    kind,
    lane,
    label: entities.length === 0 ? title : `${title} ${listed(entities.map(({ name }) => name))}`,
    disabled: false,
    entities: entities.map(({ id }) => id),
    settings: {},
  }
}

const idOf = (kind: FlowNode['kind']): string => kind.replaceAll('-', '_')

/** More names than this do not fit on a node. */
const MOST_NAMES = 3

const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES - 1).join(', ')} and ${names.length - MOST_NAMES + 1} more`

const edge = (from: string, fromPort: string, to: string, toPort: string): FlowEdge => ({
  id: `${from}_${fromPort}_${to}`,
  from: { node: from, port: fromPort },
  to: { node: to, port: toPort },
})
