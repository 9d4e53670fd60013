/**
 * A unit's flow becomes straight-line statements: one step for each node of the device's lane, and one
 * request for a push and the pull that follows it, because both travel in it.
 */
import { type FlowNode, freeName, inOrder, type Project, pascalCase, type SyncUnit } from '@/designer/model'
import { expandUnitFlow, type FlowGraph } from '@/designer/patterns'
import type { EntityIr, Statement, UnitIr } from '../ir'

export function lowerUnits(project: Project, entities: readonly EntityIr[]): UnitIr[] {
  const functionNames = new Set<string>()
  return inOrder(project.syncUnits).map(([id, unit]) => {
    const functionName = freeName(`run${pascalCase(unit.name)}`, (name) => functionNames.has(name))
    functionNames.add(functionName)
    return {
      id,
      name: unit.name,
      functionName,
      // In the order of the bundle, so that parents come before children here too.
      entities: entities.flatMap((entity) => (ownerOf(entity) in unit.entities ? [entity.contract.name] : [])),
      settings: settings(unit),
      statements: statements(devicePath(expandUnitFlow(project, id)), entities),
    }
  })
}

/** What holds an attribute on demand runs with the entity that it belongs to. */
const ownerOf = ({ contract, companionOf }: EntityIr): string => companionOf ?? contract.id

/** The device's nodes in the order in which they run. */
function devicePath({ nodes, edges }: FlowGraph): FlowNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const path: FlowNode[] = []
  let node = nodes.find(({ kind }) => kind === 'start')
  while (node !== undefined && !path.includes(node)) {
    path.push(node)
    const from = node.id
    const next = edges.find((edge) => edge.from.node === from && edge.from.port === 'out')
    node = next === undefined ? undefined : byId.get(next.to.node)
  }
  return path
}

/** Requests that follow each other travel as one: the push, and the pulls that answer it. */
function statements(path: readonly FlowNode[], entities: readonly EntityIr[]): Statement[] {
  const list: Statement[] = []
  let request: FlowNode[] = []
  const send = (): void => {
    const pulled = new Set(request.flatMap((node) => (node.kind === 'push' ? [] : node.entities)))
    const pull = entities.flatMap((entity) => (pulled.has(ownerOf(entity)) ? [entity.contract.name] : []))
    if (request.length > 0) list.push({ kind: 'exchange', push: request.some(({ kind }) => kind === 'push'), pull })
    request = []
  }
  for (const node of path.filter(({ disabled }) => !disabled)) {
    const asks = node.kind === 'push' || node.kind === 'pull' || node.kind === 'full-refresh'
    // What comes before a push has to have arrived before it is sent.
    if (!asks || node.kind === 'push') send()
    list.push({ kind: 'step', node: node.id, label: node.label ?? node.kind })
    if (asks) request.push(node)
  }
  send()
  return list
}

const seconds = (value: number): number => Math.round(value * 1000)

function settings({
  triggers,
  retryOnError,
  retryIntervalInSeconds,
  backoff,
  priority,
  network,
}: SyncUnit): UnitIr['settings'] {
  const { intervalInSeconds, afterLocalChangeInSeconds } = triggers
  return {
    triggers: {
      onOnline: triggers.syncOnOnline,
      onLogin: triggers.syncOnLogin,
      onResume: triggers.syncOnResume,
      intervalMs: intervalInSeconds === null ? null : seconds(intervalInSeconds),
      afterLocalChangeMs: afterLocalChangeInSeconds === null ? null : seconds(afterLocalChangeInSeconds),
      onPoke: triggers.serverPoke,
    },
    retry: { onError: retryOnError, intervalMs: seconds(retryIntervalInSeconds), backoff },
    priority,
    network,
  }
}
