/**
 * The server listens on loopback without a login, so any page that the user's browser has open could
 * talk to it. Two checks keep them out: the Host must be this machine (a foreign name that resolves
 * to 127.0.0.1 is refused), and what changes something must come from a page of this very server.
 */
export type OriginCheck = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly message: string }

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** `extraHosts` are the further names under which this server may be reached (SYNCLINE_HOSTS). */
export function checkOrigin(request: Request, extraHosts: readonly string[]): OriginCheck {
  const host = request.headers.get('host') ?? ''
  if (!LOOPBACK.has(hostName(host)) && !extraHosts.includes(hostName(host))) {
    return refused(
      `This Syncline is not known as ${host || 'a server without a name'}. ` +
        'Open it as http://localhost, or add the name to SYNCLINE_HOSTS (names separated by commas).',
    )
  }
  const site = request.headers.get('sec-fetch-site')
  if (site === 'cross-site' || site === 'same-site') return refused(OTHER_PAGE)
  const origin = request.headers.get('origin')
  if (origin !== null && !isHost(origin, host)) return refused(OTHER_PAGE)
  return { kind: 'allowed' }
}

const OTHER_PAGE = 'This request came from a page of another site and was refused. Use Syncline from its own page.'

const refused = (message: string): OriginCheck => ({ kind: 'refused', message })

/** Wraps a route so that it only ever sees requests that pass. */
export function guarded<Rest extends readonly unknown[]>(
  route: (request: Request, ...rest: Rest) => Promise<Response>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const check = checkOrigin(request, extraHosts(process.env))
    if (check.kind === 'refused') return Response.json({ kind: 'failed', message: check.message }, { status: 403 })
    return route(request, ...rest)
  }
}

const extraHosts = (env: NodeJS.ProcessEnv): string[] =>
  (env.SYNCLINE_HOSTS ?? '').split(',').flatMap((name) => name.trim().toLowerCase() || [])

const hostName = (host: string): string => host.toLowerCase().replace(/:\d+$/, '')

function isHost(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === host.toLowerCase()
  } catch {
    return false
  }
}
