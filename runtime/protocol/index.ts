export * from './errors'
export * from './messages'
export { readErrorResponse, readSyncResponse } from './read-answer'
