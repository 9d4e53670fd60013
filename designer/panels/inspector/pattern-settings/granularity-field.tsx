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
