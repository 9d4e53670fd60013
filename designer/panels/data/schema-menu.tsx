import { Columns3, Plus, Waypoints } from 'lucide-react'
import { inOrder } from '@/designer/model/operations/order'
import type { Project } from '@/designer/model/project'
import { useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { MenuEntries, type MenuEntry, type MenuItemEntry, SEPARATOR } from '../ui/menu-entries'
import { CHOICE_ICONS } from './data-dialogs'
import type { DragItem } from './drag/drag-item'
import type { LabelledChoice } from './drag/drop-choice'
import { dropMeaning } from './drag/drop-meaning'
import { type DropActions, useDropActions } from './drag/use-drop-actions'
import { withReferredTables } from './related-tables'
import { entityOfRow, itemOfRow, type SchemaRow } from './schema-rows'

interface Props {
  readonly row: SchemaRow
  readonly onAddAll: (serverEntities: readonly string[]) => void
  readonly onToggle: () => void
}

/** All that a drag of this line could do, for whoever does not drag. It is worked out only when it opens. */
export function SchemaMenu({ row, onAddAll, onToggle }: Props) {
  const session = useSession()
  const actions = useDropActions()
  const { project } = session.project.getState().history
  const item = itemOfRow(row)
  const table = entityOfRow(row, project.serverEntities)
  if (!item || !table) return null

  const related = row.kind === 'table' ? withReferredTables(table.id, project.serverEntities) : []
  const onCanvas = dropMeaning(project, item, { kind: 'canvas' })
  const first = onCanvas.kind === 'choices' ? onCanvas.choices[0] : undefined
  const entries: MenuEntry[] = [
    {
      kind: 'item',
      label: first && (row.kind !== 'table' || first.choice.kind === 'show-card') ? first.label : 'Add to canvas…',
      Icon: first ? CHOICE_ICONS[first.choice.kind] : Plus,
      shortcut: 'Enter',
      disabled: onCanvas.kind === 'refused' ? onCanvas.reason : null,
      run: () => first && actions.run(first.choice),
    },
  ]
  if (related.length > 1) {
    entries.push({
      kind: 'item',
      label: `Add with the ${counted(related.length - 1, 'table')} it refers to`,
      Icon: Waypoints,
      run: () => onAddAll(related),
    })
  }
  const places = placesOnCards(project, item, actions)
  if (places.length > 0) entries.push(SEPARATOR, ...places)
  const canOpen = row.kind === 'table' || (row.kind === 'attribute' && row.expanded !== null)
  if (canOpen) {
    entries.push(SEPARATOR, {
      kind: 'item',
      label: row.kind === 'table' ? 'Show or hide columns' : 'Show or hide what it refers to',
      Icon: Columns3,
      run: onToggle,
    })
  }
  return <MenuEntries entries={entries} />
}

/** More than this fill a screen, and go into a menu of their own. */
const MOST_PLACES = 6

/** Nobody reads a longer menu: each card has the same in a menu of its own. */
const MOST_CARDS = 40

function placesOnCards(project: Project, item: DragItem, { run }: DropActions): MenuEntry[] {
  const places = inOrder(project.localEntities).flatMap(([entity, { name }]): Place[] => {
    const meaning = dropMeaning(project, item, { kind: 'card', entity })
    if (meaning.kind === 'refused') return []
    // An entity of its own is offered above, and for the canvas.
    return [{ card: name, choices: meaning.choices.filter(({ choice }) => choice.kind !== 'add-entity') }]
  })
  const entriesOf = ({ card, choices }: Place): MenuItemEntry[] =>
    choices.map((each) => ({
      kind: 'item',
      label: withCard(each, card),
      note: each.note,
      disabled: each.disabled,
      Icon: CHOICE_ICONS[each.choice.kind],
      run: () => run(each.choice),
    }))
  const isTable = item.kind === 'table' || item.kind === 'parent'
  const entries = isTable
    ? places
        .toSorted((a, b) => possible(b) - possible(a))
        .slice(0, MOST_CARDS)
        .map((place): MenuEntry => {
          return { kind: 'submenu', label: `Put onto ${place.card}`, Icon: Columns3, entries: entriesOf(place) }
        })
    : places.flatMap(entriesOf)
  return entries.length <= MOST_PLACES
    ? entries
    : [{ kind: 'submenu', label: isTable ? 'Put onto a card' : 'Put into a local entity', Icon: Columns3, entries }]
}

interface Place {
  readonly card: string
  readonly choices: readonly LabelledChoice[]
}

/** Cards of which more can be made come first. */
const possible = ({ choices }: Place): number => choices.filter(({ disabled }) => disabled === null).length

/** Beside a card its name goes without saying; in a list it does not. */
const withCard = ({ choice, label }: LabelledChoice, card: string): string =>
  choice.kind === 'denormalise-many' || (choice.kind === 'add-attributes' && !label.endsWith(card))
    ? `${label.replace(/…$/, '')} ${choice.kind === 'denormalise-many' ? 'into' : 'to'} ${card}${label.endsWith('…') ? '…' : ''}`
    : label
