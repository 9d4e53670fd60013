export { type HttpTransportOptions, httpTransport } from './http'
