/** What the page needs to know of a bundle's entities and units, as plain data that crosses a port. */
import type { Bundle, EntityContract } from '@syncline/runtime/contract'
import type { EntityShape, Started } from './messages'

export function bundleToShapes(bundle: Bundle): Pick<Started, 'entities' | 'units'> {
  return { entities: bundle.entities.map(entityToShape), units: bundle.units.map(({ name }) => name) }
}

function entityToShape(entity: EntityContract): EntityShape {
  return {
    id: entity.id,
    name: entity.name,
    table: { schema: 'public', name: entity.table },
    serverTable: { schema: entity.server.schema, name: entity.server.table },
    columns: entity.attributes.map(({ name, column }) => ({ name, serverName: column })),
    writable: entity.direction !== 'down',
    pattern: entity.pattern.kind,
  }
}
