import {
  DatabaseZap,
  Download,
  LayoutDashboard,
  LockKeyhole,
  Maximize,
  Palette,
  Pencil,
  SquareDashedMousePointer,
  StickyNote,
  Trash2,
  Ungroup,
} from 'lucide-react'
import { setAttributeSwitch } from '@/designer/model/operations/attribute-settings'
import { GROUP_HUE_NAMES } from '@/designer/panels/ui/group-hue'
import { type MenuEntry, SEPARATOR } from '@/designer/panels/ui/menu-entries'
import type { Edit } from '@/designer/stores/session'
import type { CanvasTarget } from './canvas-target'
import { cardEntries, type MenuContext } from './card-entries'

export interface TargetContext extends MenuContext {
  readonly edit: Edit
}

/** The menu of whatever it was asked for. */
export function targetEntries(context: TargetContext, target: CanvasTarget): readonly MenuEntry[] {
  switch (target.kind) {
    case 'canvas':
      return canvasEntries(context, target.at)
    case 'cards':
      return cardEntries(context, target.ids)
    case 'attribute':
      return attributeEntries(context, target)
    case 'group':
      return groupEntries(context, target.id)
    case 'note':
      return [
        { kind: 'item', label: 'Write', Icon: Pencil, shortcut: 'F2', run: context.canvas.rename },
        { kind: 'item', label: 'Delete', Icon: Trash2, shortcut: 'Del', run: context.canvas.remove },
      ]
  }
}

function canvasEntries(context: TargetContext, at: { readonly x: number; readonly y: number }): readonly MenuEntry[] {
  const { project, canvas, session } = context
  const { panels } = session
  const isEmpty = Object.keys(project.localEntities).length === 0
  const nothing = isEmpty ? 'There is no card yet.' : null
  return [
    {
      kind: 'item',
      label: 'Add entity from database…',
      Icon: DatabaseZap,
      run: () => panels.setState({ picker: true }),
    },
    { kind: 'item', label: 'Add a note', Icon: StickyNote, run: () => canvas.note(at) },
    SEPARATOR,
    { kind: 'item', label: 'Select all', Icon: SquareDashedMousePointer, shortcut: 'Ctrl+A', run: canvas.selectAll },
    {
      kind: 'item',
      label: 'Arrange the cards',
      Icon: LayoutDashboard,
      disabled: nothing,
      run: () => panels.setState({ canvasCommand: 'arrange' }),
    },
    { kind: 'item', label: 'Fit all', Icon: Maximize, run: canvas.fit },
    SEPARATOR,
    {
      kind: 'item',
      label: 'Export the picture (SVG)',
      Icon: Download,
      disabled: nothing,
      run: () => panels.setState({ canvasCommand: 'export-picture' }),
    },
  ]
}

function attributeEntries(
  context: TargetContext,
  { entity, id }: Extract<CanvasTarget, { kind: 'attribute' }>,
): readonly MenuEntry[] {
  const { project, canvas, edit } = context
  const attribute = project.localEntities[entity]?.attributes[id]
  if (!attribute) return []
  return [
    { kind: 'label', label: attribute.name },
    { kind: 'item', label: 'Rename', Icon: Pencil, shortcut: 'F2', run: canvas.rename },
    {
      kind: 'item',
      label: attribute.sensitive ? 'Keep it in plain text' : 'Encrypt it on the device',
      Icon: LockKeyhole,
      run: () =>
        void edit(attribute.sensitive ? `Decrypt “${attribute.name}”` : `Encrypt “${attribute.name}”`, (draft) =>
          setAttributeSwitch(draft, entity, id, 'sensitive', !attribute.sensitive),
        ),
    },
    { kind: 'item', label: 'Remove', Icon: Trash2, shortcut: 'Del', run: canvas.remove },
    SEPARATOR,
    { kind: 'submenu', label: 'The whole entity', Icon: LayoutDashboard, entries: cardEntries(context, [entity]) },
  ]
}

function groupEntries({ project, session, canvas }: TargetContext, id: string): readonly MenuEntry[] {
  const group = project.groups[id]
  if (!group) return []
  return [
    { kind: 'item', label: 'Rename', Icon: Pencil, shortcut: 'F2', run: canvas.rename },
    {
      kind: 'submenu',
      label: 'Colour',
      Icon: Palette,
      entries: GROUP_HUE_NAMES.map((label, hue) => ({
        kind: 'item',
        label,
        checked: group.hue === hue,
        run: () => void canvas.setHue(id, hue),
      })),
    },
    {
      kind: 'item',
      label: 'Select its cards',
      Icon: SquareDashedMousePointer,
      run: () => session.selection.select({ kind: 'local-entities', ids: Object.keys(group.entities) }),
    },
    SEPARATOR,
    { kind: 'item', label: 'Ungroup', Icon: Ungroup, shortcut: 'Del', run: () => canvas.ungroup(id) },
  ]
}
