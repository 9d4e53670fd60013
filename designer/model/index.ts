/** The project: its types, its file, and the operations that are the only way to change it. */

export * from './attribute-origin'
export * from './attribute-size'
export { canonical, sorted } from './canonical'
export { CARD_WIDTH, cardHeight, gridLayout } from './card-layout'
export {
  baseValueKind,
  type DeviceType,
  type DeviceValue,
  deviceType,
  namedType,
  splitArray,
  type ValueKind,
} from './device-types'
export { FILE_EXTENSION, type ParsedProject, parseProject, projectFromDocument, serializeProject } from './file'
export * from './filter-tree'
export {
  type Applied,
  applyOperation,
  canRedo,
  canUndo,
  createHistory,
  type History,
  redo,
  type Step,
  undo,
} from './history'
export { createIds, createNamedIds, type IdKind, type Ids } from './ids'
export * from './index-rules'
export * from './key-advice'
export {
  defaultKeyStrategy,
  isNumberedByServer,
  possibleKeyStrategies,
  type Syncable,
  singleKey,
  syncable,
} from './keys'
export { type Merge, mergeProjects, type Path } from './merge'
export * from './name-mapping'
export { entityNameKey, freeName, isTooLong, LONGEST_NAME_IN_BYTES, nameProblem, pascalCase } from './names'
export { emptyProject, type FromSchema, type ProjectFromSchema, projectFromSchema } from './new-project'
export * from './operations/accepted-findings'
export * from './operations/attribute-settings'
export * from './operations/children'
export * from './operations/derived-attributes'
export * from './operations/document'
export * from './operations/groups'
export * from './operations/indexes'
export * from './operations/layout'
export {
  addLocalAttribute,
  moveLocalAttribute,
  removeLocalAttribute,
  renameLocalAttribute,
  setLocalAttributes,
} from './operations/local-attributes'
export * from './operations/local-entities'
export * from './operations/map-by-name'
export * from './operations/notes'
export { inOrder } from './operations/order'
export * from './operations/project'
export * from './operations/requirements'
export * from './operations/result'
export * from './operations/scopes'
export * from './operations/server-schema'
export {
  addSyncUnit,
  DEFAULT_UNIT,
  moveEntityToUnit,
  removeSyncUnit,
  renameSyncUnit,
  setUnitEntities,
  setUnitNetwork,
  setUnitPriority,
  setUnitRetry,
  setUnitTrigger,
  type UnitRetry,
} from './operations/sync-units'
export * from './operations/test-users'
export * from './paths'
export * from './project'
export * from './schema-diff'
export type { Rename } from './schema-diff/kept-ids'
export type { SchemaChange } from './schema-diff/schema-change'
export * from './scope'
export * from './scope-words'
export * from './sql-question'
export { childrenOf, PARK, startingPattern } from './starting-pattern'
