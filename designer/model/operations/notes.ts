/** Operations on notes: texts on the canvas. They change nothing that is compiled. */
import type { Ids } from '../ids'
import type { Placement, Project } from '../project'
import { nextOrder } from './order'
import { DONE, done, gone, type OperationResult, refused } from './result'

/** The size of a note that nobody has resized. */
export const NOTE_SIZE = { width: 220, height: 120 } as const
export const SMALLEST_NOTE = { width: 100, height: 60 } as const
const LONGEST_NOTE = 20_000

export interface NewNote {
  readonly text?: string
  readonly position: Pick<Placement, 'x' | 'y'>
  readonly ids: Ids
}

/** Answers the note's id. */
export function addNote(draft: Project, { text = '', position, ids }: NewNote): OperationResult<string> {
  const id = ids('note', text, (taken) => taken in draft.notes)
  draft.notes[id] = { id, order: nextOrder(draft.notes), text }
  draft.layout.notes[id] = { x: position.x, y: position.y, ...NOTE_SIZE }
  return done(id)
}

export function setNoteText(draft: Project, id: string, text: string): OperationResult {
  const note = draft.notes[id]
  if (note === undefined) return gone('note')
  if (text.length > LONGEST_NOTE) return refused(`A note holds up to ${LONGEST_NOTE} characters.`)
  note.text = text
  return DONE
}

/** Sets place and size together: a note that is resized at its upper left moves as well. */
export function placeNote(draft: Project, id: string, place: Required<Placement>): OperationResult {
  if (draft.notes[id] === undefined) return gone('note')
  draft.layout.notes[id] = {
    x: Math.round(place.x),
    y: Math.round(place.y),
    width: Math.max(SMALLEST_NOTE.width, Math.round(place.width)),
    height: Math.max(SMALLEST_NOTE.height, Math.round(place.height)),
  }
  return DONE
}

export function removeNote(draft: Project, id: string): OperationResult {
  if (draft.notes[id] === undefined) return gone('note')
  delete draft.notes[id]
  delete draft.layout.notes[id]
  return DONE
}
