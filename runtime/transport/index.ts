export { AnswerTooLargeError } from './bounded-body'
export { type HttpTransportOptions, httpTransport } from './http'
export { memoryTransport } from './memory'
