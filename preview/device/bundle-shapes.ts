/** What the page needs to know of a bundle's entities and units, as plain data that crosses a port. */
import { type Bundle, type EntityContract, expressionSql } from '@syncline/runtime/contract'
import type { EntityShape, Started } from './messages'

export function bundleToShapes(bundle: Pick<Bundle, 'entities' | 'units'>): Pick<Started, 'entities' | 'units'> {
  return { entities: bundle.entities.map(entityToShape), units: bundle.units.map(({ name }) => name) }
}

function entityToShape(entity: EntityContract): EntityShape {
  return {
    id: entity.id,
    name: entity.name,
    table: { schema: 'public', name: entity.table },
    serverTable: { schema: entity.server.schema, name: entity.server.table },
    columns: entity.attributes.map((attribute) => ({
      name: attribute.name,
      serverName: attribute.derived === undefined ? attribute.column : null,
      serverValue: expressionSql(attribute),
      hidden: attribute.sensitive,
      file: attribute.file !== undefined,
    })),
    writable: entity.direction !== 'down',
    pattern: entity.pattern.kind,
    scope: entity.scope.read?.where ?? null,
    pulled: entity.direction !== 'up',
    chosenBy: entity.pattern.kind === 'on-demand' ? entity.pattern.chosenBy.map((id) => columnOf(entity, id)) : null,
  }
}

const columnOf = (entity: EntityContract, attribute: string): string =>
  entity.attributes.find(({ id }) => id === attribute)?.column ?? attribute
