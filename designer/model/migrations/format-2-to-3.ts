/**
 * Format 3 gave attributes their own default and transfer, columns a measured size, conflict detection its policies by
 * attribute, and the project its test users, accepted findings, groups and notes.
 */
import { isObject, type JsonObject, mapRecords } from './json'

export const format2To3 = (document: JsonObject): JsonObject => ({
  ...document,
  serverEntities: mapRecords(document.serverEntities, (entity) => ({
    ...entity,
    attributes: mapRecords(entity.attributes, (attribute) => ({ ...attribute, averageBytes: null })),
  })),
  localEntities: mapRecords(document.localEntities, (entity) => ({
    ...entity,
    attributes: mapRecords(entity.attributes, (attribute) => ({
      ...attribute,
      required: false,
      default: null,
      transfer: 'inline',
    })),
    pattern:
      isObject(entity.pattern) && entity.pattern.kind === 'conflict-detection'
        ? { ...entity.pattern, attributes: {} }
        : entity.pattern,
  })),
  requirements: isObject(document.requirements)
    ? { ...document.requirements, editorsPerRecord: null, entities: {} }
    : document.requirements,
  testUsers: {},
  acceptedFindings: {},
  groups: {},
  notes: {},
  layout: isObject(document.layout) ? { ...document.layout, notes: {} } : document.layout,
})
