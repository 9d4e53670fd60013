/** The project: its types, its file, and the operations that are the only way to change it. */

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
export {
  defaultKeyStrategy,
  isNumberedByServer,
  possibleKeyStrategies,
  type Syncable,
  singleKey,
  syncable,
} from './keys'
export { type Merge, mergeProjects, type Path } from './merge'
export { entityNameKey, freeName, isTooLong, LONGEST_NAME_IN_BYTES, nameProblem, pascalCase } from './names'
export { emptyProject, type FromSchema, type ProjectFromSchema, projectFromSchema } from './new-project'
export * from './operations/attribute-settings'
export * from './operations/derived-attributes'
export * from './operations/indexes'
export * from './operations/layout'
export {
  addLocalAttribute,
  removeLocalAttribute,
  renameLocalAttribute,
  setLocalAttributes,
} from './operations/local-attributes'
export * from './operations/local-entities'
export { inOrder } from './operations/order'
export * from './operations/project'
export * from './operations/result'
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
export * from './paths'
export * from './project'
export * from './scope'
export { childrenOf, PARK, startingPattern } from './starting-pattern'
