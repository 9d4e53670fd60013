import { useReactFlow } from '@xyflow/react'
import { useMemo } from 'react'
import { addGroup, moveToGroup, removeGroup, setGroupHue } from '@/designer/model/operations/groups'
import { setPatternKind } from '@/designer/model/operations/local-entities'
import { addNote, NOTE_SIZE } from '@/designer/model/operations/notes'
import type { PatternKind } from '@/designer/model/project'
import { type Point, useDataModeStore } from '@/designer/panels/data/data-mode-context'
import { deleteSelected } from '@/designer/panels/shell/delete-selected'
import { counted } from '@/designer/panels/ui/format'
import { newIds, useEdit, useSession } from '@/designer/stores/session'

/** What the canvas does, whoever asks for it: its menus, its keys, the palette. */
export function useCanvasActions() {
  const session = useSession()
  const edit = useEdit()
  const flow = useReactFlow()
  const store = useDataModeStore()

  return useMemo(() => {
    const project = () => session.project.getState().history.project
    const selectedEntities = (): readonly string[] => {
      const { selection } = session.selection.getState()
      if (selection.kind === 'local-entities') return selection.ids
      return selection.kind === 'local-attribute' ? [selection.entity] : []
    }

    /** The middle of what is seen, in pixels of the canvas. */
    const middle = (): Point => {
      const area = document.querySelector('.canvas')?.getBoundingClientRect()
      return flow.screenToFlowPosition({
        x: area ? area.x + area.width / 2 : 0,
        y: area ? area.y + area.height / 2 : 0,
      })
    }

    return {
      selectedEntities,

      selectAll: () => session.selection.select({ kind: 'local-entities', ids: Object.keys(project().localEntities) }),

      fit: () => void flow.fitView({ duration: 180, padding: 0.08, maxZoom: 1 }),

      /** Makes a note and lets the user write at once. */
      note: (at: Point = middle()) => {
        const position = { x: Math.round(at.x - NOTE_SIZE.width / 2), y: Math.round(at.y - 16) }
        const result = edit('Add a note', (draft) => addNote(draft, { position, ids: newIds }))
        if (result.kind !== 'done') return
        session.selection.select({ kind: 'note', id: result.value })
        store.setState({ editing: result.value })
      },

      /** Draws a frame around cards and lets the user name it at once. */
      group: (entities: readonly string[] = selectedEntities()) => {
        const what = counted(entities.length, 'card')
        const result = edit(`Group ${what}`, (draft) => addGroup(draft, { entities, ids: newIds }))
        if (result.kind !== 'done') return
        session.selection.select({ kind: 'group', id: result.value })
        store.setState({ editing: result.value })
        session.announce(`Grouped ${what}`)
      },

      ungroup: (id: string) => {
        edit(`Ungroup “${project().groups[id]?.name}”`, (draft) => removeGroup(draft, id))
        session.selection.select({ kind: 'none' })
      },

      setHue: (id: string, hue: number) =>
        edit(`Colour “${project().groups[id]?.name}”`, (draft) => setGroupHue(draft, id, hue)),

      putIntoGroup: (entities: readonly string[], group: string | null) =>
        edit(group === null ? 'Take out of the group' : `Move into “${project().groups[group]?.name}”`, (draft) =>
          moveToGroup(draft, entities, group),
        ),

      setPattern: (entities: readonly string[], kind: PatternKind) => {
        const [first = '', ...others] = entities
        const what =
          others.length === 0
            ? `“${project().localEntities[first]?.name}”`
            : counted(entities.length, 'entity', 'entities')
        edit(`Set the pattern of ${what}`, (draft) => {
          let result = setPatternKind(draft, first, kind)
          for (const id of others) result = setPatternKind(draft, id, kind)
          return result
        })
      },

      remove: () => deleteSelected(session, edit),

      /** Puts the caret where the name of what is selected is written. */
      rename: () => {
        const { selection } = session.selection.getState()
        if (selection.kind === 'group' || selection.kind === 'note') store.setState({ editing: selection.id })
        else focusSoon('[data-rename]')
      },
    }
  }, [session, edit, flow, store])
}

export type CanvasActions = ReturnType<typeof useCanvasActions>

/** A menu gives the focus back when it closes; what moves it has to come after that. */
function focusSoon(selector: string): void {
  setTimeout(() => {
    const field = document.querySelector<HTMLInputElement>(selector)
    field?.focus()
    field?.select()
  }, 0)
}
