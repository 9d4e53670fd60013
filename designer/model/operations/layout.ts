/** Operations on where things are drawn. They change nothing that is compiled. */
import type { Placement, Project } from '../project'
import { DONE, gone, type OperationResult } from './result'

export type Moves = Readonly<Record<string, Pick<Placement, 'x' | 'y'>>>

/** Moves the cards of any number of local entities at once. Cards that are gone are left alone. */
export function moveCards(draft: Project, moves: Moves): OperationResult {
  for (const [id, { x, y }] of Object.entries(moves)) {
    if (draft.localEntities[id] !== undefined) draft.layout.data[id] = { ...draft.layout.data[id], x, y }
  }
  return DONE
}

/** Moves notes, as `moveCards` does cards. */
export function moveNotes(draft: Project, moves: Moves): OperationResult {
  for (const [id, { x, y }] of Object.entries(moves)) {
    if (draft.notes[id] !== undefined) draft.layout.notes[id] = { ...draft.layout.notes[id], x, y }
  }
  return DONE
}

/** Moves any number of nodes of one flow. Positions of generated nodes are kept by their derived ids. */
export function moveFlowNodes(draft: Project, flow: string, moves: Moves): OperationResult {
  if (draft.flows[flow] === undefined) return gone('flow')
  draft.layout.flows[flow] ??= {}
  const places = draft.layout.flows[flow]
  for (const [id, { x, y }] of Object.entries(moves)) places[id] = { ...places[id], x, y }
  return DONE
}
