/**
 * A unit's flow becomes straight-line statements: one step for each node of the device's lane, and one
 * request for a push and the pull that follows it, because both travel in it.
 */
import { type FlowNode, freeName, inOrder, type Project, pascalCase } from '@/designer/model'
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
      entities: entities.flatMap(({ contract }) => (contract.id in unit.entities ? [contract.name] : [])),
      onOnline: unit.triggers.syncOnOnline,
      statements: statements(devicePath(expandUnitFlow(project, id)), entities),
    }
  })
}

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

function statements(path: readonly FlowNode[], entities: readonly EntityIr[]): Statement[] {
  const list: Statement[] = []
  const pullOf = (node: FlowNode): string[] =>
    entities.flatMap(({ contract }) => (node.entities.includes(contract.id) ? [contract.name] : []))
  for (let index = 0; index < path.length; index += 1) {
    const node = path[index]
    if (node === undefined || node.disabled) continue
    list.push({ kind: 'step', node: node.id, label: node.label ?? node.kind })
    const next = path[index + 1]
    if (node.kind === 'push' && next?.kind === 'pull' && !next.disabled) {
      list.push({ kind: 'step', node: next.id, label: next.label ?? next.kind })
      list.push({ kind: 'exchange', push: true, pull: pullOf(next) })
      index += 1
    } else if (node.kind === 'push') list.push({ kind: 'exchange', push: true, pull: [] })
    else if (node.kind === 'pull') list.push({ kind: 'exchange', push: false, pull: pullOf(node) })
  }
  return list
}
