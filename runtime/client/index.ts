export { httpTransport } from '../transport'
export { openPGlite } from '../storage/pglite'
export { createDevice } from './create-device'
export { EntityError } from './entity-actions'
