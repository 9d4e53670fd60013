import { Segmented } from '../../ui/segmented'

type Granularity = 'row' | 'attribute'

interface Props {
  readonly value: Granularity
  readonly hints: Readonly<Record<Granularity, string>>
  readonly onChange: (value: Granularity) => void
}

export const GranularityField = ({ value, hints, onChange }: Props) => (
  <Segmented
    label="Compared by"
    value={value}
    options={[
      { value: 'row', label: 'row' },
      { value: 'attribute', label: 'attribute' },
    ]}
    hint={hints[value]}
    onChange={onChange}
  />
)

/** How far apart two writes must be for both to stand. */
export const ConflictGranularity = ({ value, onChange }: Omit<Props, 'hints'>) => (
  <GranularityField
    value={value}
    hints={{
      row: 'Any change by others to the row is a conflict.',
      attribute: 'Only a change by others to the same attribute is a conflict.',
    }}
    onChange={onChange}
  />
)
