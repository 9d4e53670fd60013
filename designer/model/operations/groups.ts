/** Operations on groups: cards that are drawn as belonging together. They change nothing that is compiled. */
import type { Ids } from '../ids'
import type { CardGroup, Project } from '../project'
import { nextOrder } from './order'
import { DONE, done, gone, type OperationResult, refused } from './result'

/** As many as the workbench has to tell groups apart by. */
export const GROUP_HUES = 8

export interface NewGroup {
  readonly name?: string
  /** Local entities; one that is in another group leaves it. */
  readonly entities: readonly string[]
  readonly ids: Ids
}

/** Answers the group's id. */
export function addGroup(draft: Project, { name = 'Group', entities, ids }: NewGroup): OperationResult<string> {
  const members = entities.filter((id) => draft.localEntities[id] !== undefined)
  if (members.length === 0) return refused('A group is drawn around cards. Select some first.')
  const names = new Set(Object.values(draft.groups).map((group) => group.name))
  const id = ids('group', name, (taken) => taken in draft.groups)
  leaveGroups(draft, members)
  draft.groups[id] = {
    id,
    name: freeLabel(name, names),
    order: nextOrder(draft.groups),
    hue: rarestHue(draft.groups),
    entities: Object.fromEntries(members.map((member) => [member, {}])),
  }
  return done(id)
}

export function renameGroup(draft: Project, id: string, name: string): OperationResult {
  const group = draft.groups[id]
  if (group === undefined) return gone('group')
  const trimmed = name.trim()
  if (trimmed === '') return refused('A group needs a name.')
  group.name = trimmed.slice(0, 200)
  return DONE
}

/** Sets which of the workbench's hues it has, from 0. */
export function setGroupHue(draft: Project, id: string, hue: number): OperationResult {
  const group = draft.groups[id]
  if (group === undefined) return gone('group')
  if (!Number.isInteger(hue) || hue < 0 || hue >= GROUP_HUES) return refused('There is no such colour for groups.')
  group.hue = hue
  return DONE
}

/** Puts local entities into a group; `null` takes them out of theirs. A group that is left by all is gone. */
export function moveToGroup(draft: Project, entities: readonly string[], id: string | null): OperationResult {
  const group = id === null ? null : draft.groups[id]
  if (group === undefined) return gone('group')
  const members = entities.filter((entity) => draft.localEntities[entity] !== undefined)
  leaveGroups(draft, members, id)
  for (const member of members) if (group !== null) group.entities[member] = {}
  return DONE
}

/** Takes the frame away; its cards stay where they are. */
export function removeGroup(draft: Project, id: string): OperationResult {
  if (draft.groups[id] === undefined) return gone('group')
  delete draft.groups[id]
  return DONE
}

/** Takes local entities out of every group but one. */
export function leaveGroups(draft: Project, entities: readonly string[], except: string | null = null): void {
  for (const group of Object.values(draft.groups)) {
    if (group.id === except) continue
    for (const entity of entities) delete group.entities[entity]
    if (Object.keys(group.entities).length === 0) delete draft.groups[group.id]
  }
}

/** A label is for people, so it is counted as people do: `Sales`, `Sales 2`. */
function freeLabel(name: string, taken: ReadonlySet<string>): string {
  let label = name
  for (let number = 2; taken.has(label); number += 1) label = `${name} ${number}`
  return label
}

/** The hue that fewest groups have; of those the first. */
function rarestHue(groups: Readonly<Record<string, CardGroup>>): number {
  const uses = Array.from({ length: GROUP_HUES }, () => 0)
  for (const { hue } of Object.values(groups)) uses[hue] = (uses[hue] ?? 0) + 1
  return uses.indexOf(Math.min(...uses))
}
