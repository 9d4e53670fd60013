// A bundle's server.js imports its database packages, which its own folder may not have: one compiled to
// /tmp has no node_modules. What Node doesn't find there is then looked for in Syncline's own packages.
import { register } from 'node:module'

const PEERS = /^(postgres|@electric-sql\/pglite)(\/|$)/

export const findPeersHere = () => register(import.meta.url)

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context)
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !PEERS.test(specifier)) throw error
    return next(specifier, { ...context, parentURL: import.meta.url })
  }
}
