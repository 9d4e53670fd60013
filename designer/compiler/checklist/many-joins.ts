import { diagnostic } from '../diagnostics'
import type { ChecklistRule } from './rule'

/** A list that joins five tables is slow on a phone, and breaks where one of them is not there. */
const MOST_JOINS = 4

export const manyJoins: ChecklistRule = {
  code: 'SL6002',
  asks: 'What is shown together is stored together',
  check: ({ project, entities }) => {
    const onDevice = new Map(entities.map(({ entity }) => [entity.root, entity.name]))
    return entities.flatMap(({ entity, root }) => {
      const taken = new Set(
        Object.values(entity.attributes).flatMap(({ source }) => (source.kind === 'root' ? [source.attribute] : [])),
      )
      const brought = new Set(
        Object.values(entity.attributes).flatMap(({ source }) =>
          source.kind === 'denormalised' ? source.path.slice(0, 1) : [],
        ),
      )
      const parents = new Set(
        Object.values(root.foreignKeys).flatMap(({ id, entity: parent, attributes }) =>
          parent !== root.id && onDevice.has(parent) && !brought.has(id) && attributes.every((part) => taken.has(part))
            ? [parent]
            : [],
        ),
      )
      if (parents.size <= MOST_JOINS) return []
      const names = [...parents].map((parent) => project.serverEntities[parent]?.name ?? parent)
      return [
        diagnostic(
          'SL6002',
          { kind: 'localEntity', id: entity.id },
          `To show "${entity.name}" with what it refers to, the app joins ${parents.size} tables: ${names.join(', ')}. Denormalise the attributes that are shown with it.`,
        ),
      ]
    })
  },
}
