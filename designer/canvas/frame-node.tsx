import type { NodeProps } from '@xyflow/react'
import { memo, useEffect, useRef } from 'react'
import { renameGroup } from '@/designer/model/operations/groups'
import { useDataMode, useDataModeStore } from '@/designer/panels/data/data-mode-context'
import { groupHue } from '@/designer/panels/ui/group-hue'
import { useEdit, useProject, useSelection } from '@/designer/stores/session'
import type { FrameNode } from './data-mapping'

/** The frame around a group's cards. Its label is the handle by which all of them are moved. */
export const FrameNodeView = memo(function FrameNodeView({ data, dragging }: NodeProps<FrameNode>) {
  const group = useProject((project) => project.groups[data.group])
  const selected = useSelection((s) => s.kind === 'group' && s.id === data.group)
  const editing = useDataMode(({ editing }) => editing === data.group)
  const store = useDataModeStore()
  if (!group) return null
  return (
    <section
      className="frame hued"
      style={groupHue(group.hue)}
      data-group={group.name}
      data-group-id={group.id}
      data-selected={selected ? '' : undefined}
      data-dragging={dragging ? '' : undefined}
      aria-label={`Group ${group.name}`}
    >
      {editing ? (
        <LabelField id={group.id} name={group.name} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: renaming by keyboard is F2 and the menu.
        <span className="frame-label" onDoubleClick={() => store.setState({ editing: group.id })}>
          {group.name}
        </span>
      )}
    </section>
  )
})

function LabelField({ id, name }: { readonly id: string; readonly name: string }) {
  const edit = useEdit()
  const store = useDataModeStore()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [])
  const end = (text: string | null) => {
    store.setState({ editing: null })
    if (text !== null && text.trim() !== '' && text !== name) {
      edit(`Rename “${name}”`, (draft) => renameGroup(draft, id, text))
    }
  }
  return (
    <input
      ref={field}
      className="frame-label frame-field nodrag nopan"
      aria-label="Name of the group"
      defaultValue={name}
      spellCheck={false}
      // biome-ignore lint/a11y/noAutofocus: it appears because somebody asked to rename.
      autoFocus
      onBlur={(event) => end(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') end(event.currentTarget.value)
        if (event.key === 'Escape') end(null)
        event.stopPropagation()
      }}
    />
  )
}
