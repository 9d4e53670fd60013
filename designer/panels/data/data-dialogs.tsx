import {
  ArrowRightLeft,
  Columns3,
  CornerDownRight,
  Link2,
  LocateFixed,
  type LucideIcon,
  Plus,
  Table2,
} from 'lucide-react'
import { useProject } from '@/designer/stores/session'
import { PopupMenu } from '../ui/menu-entries'
import { AttributeDialog } from './attribute-dialog'
import { type DataDialog, useDataMode, useDataModeStore } from './data-mode-context'
import { DenormaliseDialog } from './denormalise-dialog'
import type { DropChoice } from './drag/drop-choice'
import { useDropActions } from './drag/use-drop-actions'
import { MapByNameDialog } from './map-by-name-dialog'

export const CHOICE_ICONS: Readonly<Record<DropChoice['kind'], LucideIcon>> = {
  'add-entity': Plus,
  'show-card': LocateFixed,
  'add-attributes': Columns3,
  denormalise: Link2,
  'denormalise-many': Link2,
  'add-child': CornerDownRight,
  'map-by-name': ArrowRightLeft,
}

/** Whatever Data mode has to ask. */
export function DataDialogs() {
  const dialog = useDataMode((state) => state.dialog)
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'add-entity':
      return <AddEntity dialog={dialog} />
    case 'denormalise':
      return <Denormalise dialog={dialog} />
    case 'map-by-name':
      return <MapByName dialog={dialog} />
    case 'choose':
      return <Choose dialog={dialog} />
  }
}

type Of<Kind extends DataDialog['kind']> = { readonly dialog: Extract<DataDialog, { kind: Kind }> }

function useClose(): () => void {
  const store = useDataModeStore()
  return () => store.setState({ dialog: null })
}

function AddEntity({ dialog: { root, attributes, position, childOf } }: Of<'add-entity'>) {
  const entity = useProject((project) => project.serverEntities[root])
  const { addEntity } = useDropActions()
  const close = useClose()
  if (!entity) return null
  return (
    <AttributeDialog
      key={root}
      entity={entity}
      attributes={attributes}
      parent={childOf ?? null}
      onClose={close}
      onAdd={(chosen, pattern) => {
        close()
        addEntity({ root, attributes: chosen, pattern, ...(position && { position }), ...(childOf && { childOf }) })
      }}
    />
  )
}

function Denormalise({ dialog }: Of<'denormalise'>) {
  const entity = useProject((project) => project.localEntities[dialog.entity])
  const { denormalise } = useDropActions()
  const close = useClose()
  if (!entity) return null
  return (
    <DenormaliseDialog
      entity={entity}
      path={dialog.path}
      onClose={close}
      onAdd={(path, attributes) => {
        close()
        denormalise(entity.id, path, attributes)
      }}
    />
  )
}

function MapByName({ dialog: { entity, table } }: Of<'map-by-name'>) {
  const { mapToTable } = useDropActions()
  const close = useClose()
  return (
    <MapByNameDialog
      entity={entity}
      table={table}
      onClose={close}
      onMap={(take) => {
        close()
        mapToTable(entity, table, take)
      }}
    />
  )
}

function Choose({ dialog: { at, choices } }: Of<'choose'>) {
  const { run } = useDropActions()
  const store = useDataModeStore()
  // A choice may open the next dialog, which closing the menu must not close.
  const close = () => {
    if (store.getState().dialog?.kind === 'choose') store.setState({ dialog: null })
  }
  return (
    <PopupMenu
      at={at}
      label="What to do with it"
      onClose={close}
      entries={choices.map(({ choice, label, note, disabled }) => ({
        kind: 'item',
        label,
        note,
        disabled,
        Icon: choice.kind === 'add-entity' ? Table2 : CHOICE_ICONS[choice.kind],
        run: () => {
          close()
          run(choice)
        },
      }))}
    />
  )
}
