import type { FilterPath, ServerEntity } from '@/designer/model'
import { replaceTerm } from '@/designer/model'
import { useBuilder } from './builder-context'
import { OperandPicker } from './operand-picker'
import { type Comparison, operatorsFor, operatorWords, shownOperator, withLeft, withOperator } from './operators'
import { ValueField } from './value-field'
import { shapeOfOperand } from './value-shape'

interface Props {
  readonly entity: ServerEntity
  readonly compare: Comparison
  readonly path: FilterPath
}

/** A condition in one line: a column, how it is compared, and with what. */
export function ConditionFields({ entity, compare, path }: Props) {
  const { project, filter, change } = useBuilder()
  const shape = shapeOfOperand(project, entity, compare.left)
  const operator = shownOperator(compare)
  const replace = (next: Comparison, typed = false) =>
    change('Change a condition', replaceTerm(filter, path, next), typed ? { coalesce: `value ${path.join('.')}` } : {})
  return (
    <>
      <OperandPicker
        entity={entity}
        label="Column"
        withClaims
        value={compare.left}
        onChange={(left) => replace(withLeft(left, shapeOfOperand(project, entity, left), compare, shape))}
      />
      <select
        className="select scope-operator"
        aria-label="How it is compared"
        value={operator}
        onChange={(event) => {
          const next = operatorsFor(shape, operator).find((candidate) => candidate === event.target.value)
          if (next !== undefined) replace(withOperator(compare, next, shape))
        }}
      >
        {operatorsFor(shape, operator).map((candidate) => (
          <option key={candidate} value={candidate}>
            {operatorWords(candidate, shape)}
          </option>
        ))}
      </select>
      <ValueField
        entity={entity}
        compare={compare}
        shape={shape}
        onChange={(right, typed) => replace({ ...compare, right }, typed)}
      />
      {operator === 'like' && <span className="hint">% stands for anything, _ for one sign</span>}
    </>
  )
}
