import { Popover } from '@base-ui/react/popover'
import { Command } from 'cmdk'
import { KeyRound, UserRound } from 'lucide-react'
import { useId, useMemo, useState } from 'react'
import { operandInWords, type ScopeOperand, type ServerEntity } from '@/designer/model'
import { shortTypeName } from '../ui/type-name'
import { useBuilder } from './builder-context'
import { type OperandOption, operandOptions } from './operand-options'

interface Props {
  readonly entity: ServerEntity
  readonly value: ScopeOperand
  readonly label: string
  readonly onChange: (operand: ScopeOperand) => void
  /** Whether a claim can be chosen here too. */
  readonly withClaims?: boolean
}

/** The column that a condition is about: the search goes through foreign keys, `customer city` finds `customer.city`. */
export function OperandPicker({ entity, value, label, onChange, withClaims = false }: Props) {
  const { project } = useBuilder()
  const [open, setOpen] = useState(false)
  const words = operandInWords(project, entity, value)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className="select scope-operand name"
        aria-label={`${label}: ${words}`}
        title={words}
        data-first=""
      >
        {words}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="z-[60]" align="start" sideOffset={4}>
          <Popover.Popup className="menu scope-picker" aria-label={label}>
            <OperandList
              entity={entity}
              withClaims={withClaims}
              onChoose={(operand) => {
                setOpen(false)
                onChange(operand)
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface ListProps {
  readonly entity: ServerEntity
  readonly withClaims: boolean
  readonly onChoose: (operand: ScopeOperand) => void
}

export function OperandList({ entity, withClaims, onChoose }: ListProps) {
  const { project, claims } = useBuilder()
  const [search, setSearch] = useState('')
  const hint = useId()
  const groups = useMemo(() => inGroups(operandOptions(project, entity, search)), [project, entity, search])
  const fitting = withClaims ? claims.filter((claim) => claim.toLowerCase().includes(search.trim().toLowerCase())) : []
  return (
    <Command label="Columns" shouldFilter={false} loop className="flex min-h-0 flex-col">
      <Command.Input
        autoFocus
        value={search}
        onValueChange={setSearch}
        aria-describedby={hint}
        placeholder={`Column of ${entity.name}, or through a reference`}
        className="input mb-1 flex-none"
      />
      <Command.List className="max-h-[300px] overflow-auto">
        <Command.Empty className="px-2 py-3 text-ink-muted text-xs">
          No column of this name here, nor four references further.
        </Command.Empty>
        {groups.map(([group, options]) => (
          <Command.Group key={group} heading={<span className="menu-label block">{group}</span>}>
            {options.map(({ operand, words, type, isKey }) => (
              <Command.Item
                key={words}
                value={JSON.stringify(operand)}
                className="menu-item"
                onSelect={() => onChoose(operand)}
              >
                {isKey ? <KeyRound aria-label="key" /> : <span className="w-3.5" />}
                <span className="name row-text">{words}</span>
                <span className="menu-note name">{shortTypeName(type)}</span>
              </Command.Item>
            ))}
          </Command.Group>
        ))}
        {fitting.length > 0 && (
          <Command.Group heading={<span className="menu-label block">Claims of the session</span>}>
            {fitting.map((claim) => (
              <Command.Item
                key={claim}
                value={`claim ${claim}`}
                className="menu-item"
                onSelect={() => onChoose({ kind: 'claim', name: claim })}
              >
                <UserRound aria-hidden />
                <span className="name row-text">{claim}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
      <p id={hint} className="hint flex-none border-line border-t px-2 pt-1">
        A point goes through a reference: <span className="name">customer.city</span>
      </p>
    </Command>
  )
}

/** In the order in which the groups come. */
function inGroups(options: readonly OperandOption[]): [string, OperandOption[]][] {
  const groups = new Map<string, OperandOption[]>()
  for (const option of options) {
    const known = groups.get(option.group)
    if (known === undefined) groups.set(option.group, [option])
    else known.push(option)
  }
  return [...groups]
}
