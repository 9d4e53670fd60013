export { openPGlite } from '../storage/pglite'
export { httpTransport } from '../transport'
export { createDevice } from './create-device'
export { EntityError } from './entity-actions'
