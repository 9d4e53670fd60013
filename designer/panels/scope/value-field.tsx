import type { ScopeOperand, ServerEntity } from '@/designer/model'
import { useBuilder } from './builder-context'
import { ClaimField } from './claim-field'
import { DurationField } from './duration-field'
import { ListField } from './list-field'
import { OperandPicker } from './operand-picker'
import { type Comparison, FIRST_DAY, shownOperator, startingValue } from './operators'
import type { ValueShape } from './value-shape'

interface Props {
  readonly entity: ServerEntity
  readonly compare: Comparison
  readonly shape: ValueShape
  readonly onChange: (right: ScopeOperand[], typed?: boolean) => void
}

/** The right side of a condition, in the field that fits its kind of value. */
export function ValueField({ entity, compare, shape, onChange }: Props) {
  const operator = shownOperator(compare)
  const [only] = compare.right
  switch (operator) {
    case 'empty':
    case 'not-empty':
      return null
    case 'newer':
    case 'older':
      return (
        <DurationField
          seconds={only?.kind === 'now-minus' ? only.seconds : 0}
          onChange={(seconds) => onChange([{ kind: 'now-minus', seconds }], true)}
        />
      )
    case 'in':
      return <ListField values={compare.right} shape={shape} onChange={onChange} />
    default:
      return <OneValue entity={entity} value={only ?? startingValue(shape)} shape={shape} onChange={onChange} />
  }
}

type Source = 'value' | 'claim' | 'column' | 'time'

const SOURCES: readonly { readonly source: Source; readonly label: string }[] = [
  { source: 'value', label: 'value' },
  { source: 'claim', label: 'claim' },
  { source: 'column', label: 'column' },
]

const sourceOf = ({ kind }: ScopeOperand): Source =>
  kind === 'claim' ? 'claim' : kind === 'constant' ? 'value' : kind === 'now-minus' ? 'time' : 'column'

interface OneProps {
  readonly entity: ServerEntity
  readonly value: ScopeOperand
  readonly shape: ValueShape
  readonly onChange: Props['onChange']
}

function OneValue({ entity, value, shape, onChange }: OneProps) {
  const { claims } = useBuilder()
  const source = sourceOf(value)
  const isTime = shape.kind === 'date' || shape.kind === 'timestamp'
  const choose = (next: Source) => {
    const [column] = Object.values(entity.attributes)
    if (next === 'claim') onChange([{ kind: 'claim', name: claims[0] ?? 'claim' }])
    else if (next === 'column' && column !== undefined) onChange([{ kind: 'attribute', attribute: column.id }])
    else if (next === 'time') onChange([{ kind: 'now-minus', seconds: 0 }])
    else if (next === 'value') onChange([isTime ? { kind: 'constant', value: FIRST_DAY } : startingValue(shape)])
  }
  return (
    <>
      <select
        className="select scope-source"
        aria-label="Compared with"
        value={source}
        onChange={(event) => choose(SOURCE_OF[event.target.value] ?? 'value')}
      >
        {SOURCES.map((option) => (
          <option key={option.source} value={option.source}>
            {option.label}
          </option>
        ))}
        {(isTime || source === 'time') && <option value="time">now</option>}
      </select>
      {value.kind === 'claim' ? (
        <ClaimField name={value.name} onChange={(name) => onChange([{ kind: 'claim', name }], true)} />
      ) : value.kind === 'constant' ? (
        <ConstantField
          shape={shape}
          value={value.value ?? ''}
          onChange={(text) => onChange([{ kind: 'constant', value: text }], true)}
        />
      ) : value.kind === 'now-minus' ? (
        <DurationField
          after="ago"
          seconds={value.seconds}
          onChange={(seconds) => onChange([{ kind: 'now-minus', seconds }], true)}
        />
      ) : (
        <OperandPicker entity={entity} label="Other column" value={value} onChange={(other) => onChange([other])} />
      )}
    </>
  )
}

const SOURCE_OF: Readonly<Record<string, Source>> = { value: 'value', claim: 'claim', column: 'column', time: 'time' }

interface ConstantProps {
  readonly shape: ValueShape
  readonly value: string
  readonly onChange: (text: string) => void
  readonly label?: string
}

function ConstantField({ shape, value, onChange, label = 'Value' }: ConstantProps) {
  switch (shape.kind) {
    case 'boolean':
      return <Choice label={label} value={value} options={['true', 'false']} onChange={onChange} />
    case 'enum':
      return <Choice label={label} value={value} options={shape.values} onChange={onChange} />
    case 'date':
      return <Typed label={label} type="date" value={value.slice(0, 10)} onChange={onChange} />
    case 'timestamp':
      return (
        <>
          <Typed
            label={label}
            type="datetime-local"
            value={/T|\s/.test(value) ? value.replace(' ', 'T').slice(0, 16) : `${value}T00:00`}
            onChange={(text) => onChange(shape.withZone ? `${text}Z` : text)}
          />
          {shape.withZone && <span className="hint">UTC</span>}
        </>
      )
    case 'number':
      return (
        <Typed
          label={label}
          type="text"
          inputMode="decimal"
          value={value}
          isWrong={!/^-?\d+(\.\d+)?$/.test(value)}
          onChange={onChange}
        />
      )
    case 'uuid':
    case 'text':
      return <Typed label={label} type="text" value={value} onChange={onChange} />
  }
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly options: readonly string[]
  readonly onChange: (value: string) => void
}) {
  return (
    <select
      className="select name scope-value"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {!options.includes(value) && <option value={value}>{value === '' ? 'choose' : `${value} (not a value)`}</option>}
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  )
}

interface TypedProps {
  readonly label: string
  readonly type: 'text' | 'date' | 'datetime-local'
  readonly inputMode?: 'decimal'
  readonly value: string
  readonly isWrong?: boolean
  readonly onChange: (value: string) => void
}

function Typed({ label, type, inputMode, value, isWrong, onChange }: TypedProps) {
  return (
    <input
      className="input name scope-value"
      aria-label={label}
      aria-invalid={isWrong}
      type={type}
      inputMode={inputMode}
      spellCheck={false}
      value={value}
      // A date that is half typed has no value yet.
      onChange={(event) => (type === 'text' || event.target.value !== '') && onChange(event.target.value)}
    />
  )
}
