import { type NodeProps, NodeResizer } from '@xyflow/react'
import { memo, useEffect, useRef } from 'react'
import { placeNote, SMALLEST_NOTE, setNoteText } from '@/designer/model/operations/notes'
import { useDataMode, useDataModeStore } from '@/designer/panels/data/data-mode-context'
import { useEdit, useProject } from '@/designer/stores/session'
import type { NoteNode } from './data-mapping'

/** A text on the canvas: moved like a card, sized at its corners, written in place. */
export const NoteNodeView = memo(function NoteNodeView({ data, selected }: NodeProps<NoteNode>) {
  const note = useProject((project) => project.notes[data.note])
  const editing = useDataMode((state) => state.editing === data.note)
  const store = useDataModeStore()
  const edit = useEdit()
  if (!note) return null
  return (
    <>
      <NodeResizer
        isVisible={selected && !editing}
        minWidth={SMALLEST_NOTE.width}
        minHeight={SMALLEST_NOTE.height}
        lineClassName="note-line"
        handleClassName="note-handle"
        onResizeEnd={(_event, { x, y, width, height }) =>
          edit('Resize a note', (draft) => placeNote(draft, note.id, { x, y, width, height }))
        }
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: writing by keyboard is Enter, F2 and the menu. */}
      <div
        className="note"
        data-note-id={note.id}
        data-selected={selected ? '' : undefined}
        onDoubleClick={() => store.setState({ editing: note.id })}
      >
        {editing ? (
          <NoteField id={note.id} text={note.text} />
        ) : (
          <p className="note-text">{note.text || <span className="text-ink-muted">Double-click to write</span>}</p>
        )}
      </div>
    </>
  )
})

function NoteField({ id, text }: { readonly id: string; readonly text: string }) {
  const edit = useEdit()
  const store = useDataModeStore()
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.setSelectionRange(text.length, text.length), [text])
  const givenUp = useRef(false)
  return (
    <textarea
      ref={field}
      className="note-text note-field nodrag nopan nowheel"
      aria-label="Text of the note"
      defaultValue={text}
      // biome-ignore lint/a11y/noAutofocus: it appears because somebody asked to write.
      autoFocus
      onBlur={(event) => {
        const next = event.target.value
        store.setState({ editing: null })
        if (!givenUp.current && next !== text) edit('Write a note', (draft) => setNoteText(draft, id, next))
      }}
      onKeyDown={(event) => {
        givenUp.current = event.key === 'Escape'
        if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) {
          event.currentTarget.blur()
        }
        event.stopPropagation()
      }}
    />
  )
}
