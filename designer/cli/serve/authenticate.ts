import type { Session } from '@syncline/runtime/contract'

/** The claims of the session, as a JSON object. */
export const CLAIMS_HEADER = 'x-syncline-claims'

/**
 * Takes the caller's word for who it is: `authorization: Bearer USER` or `x-syncline-user: USER`, and
 * `anonymous` without either; `x-syncline-claims: {"region": "north"}` gives its claims. For development on this
 * machine; a real server brings its own.
 */
export function authenticateForDevelopment(request: Request): Session {
  const bearer = /^Bearer\s+(\S.*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const claims = readClaims(request)
  if (claims === null) throw new Error(NO_CLAIMS)
  return { user: bearer ?? request.headers.get('x-syncline-user') ?? 'anonymous', claims }
}

/** Refuses what claims to be claims and is none, and says why: the server itself would only not know who is asking. */
export function refuseBadClaims(fetch: (request: Request) => Promise<Response>): typeof fetch {
  return async (request) =>
    readClaims(request) === null
      ? Response.json({ error: { kind: 'unauthenticated', message: NO_CLAIMS } }, { status: 401 })
      : fetch(request)
}

const NO_CLAIMS = `The header ${CLAIMS_HEADER} is no JSON object. Give claims as {"region": "north"}; JSON writes what is not ASCII as \\u00fc.`

/** Null where the header is no JSON object. */
function readClaims(request: Request): NonNullable<Session['claims']> | null {
  const text = request.headers.get(CLAIMS_HEADER)
  if (text === null) return {}
  try {
    const claims: unknown = JSON.parse(text)
    return isObject(claims) ? claims : null
  } catch {
    return null
  }
}

/** What `JSON.parse` gives has nothing in it but JSON. */
function isObject(json: unknown): json is NonNullable<Session['claims']> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
