export { createServer, type ServerSettings } from './create-server'
