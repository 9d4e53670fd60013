import type { Session } from '@syncline/runtime/contract'

/**
 * Takes the caller's word for who it is: `authorization: Bearer USER` or `x-syncline-user: USER`, and
 * `anonymous` without either. For development on this machine; a real server brings its own.
 */
export function authenticateForDevelopment(request: Request): Session {
  const bearer = /^Bearer\s+(\S.*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  return { user: bearer ?? request.headers.get('x-syncline-user') ?? 'anonymous', claims: {} }
}
