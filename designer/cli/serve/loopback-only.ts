type Fetch = (request: Request) => Promise<Response>

/**
 * Answers pages and programs of this machine only: whoever calls needs no password, so a page from
 * elsewhere that the browser has open must not get through. Pages on other ports get CORS answers.
 */
export function allowLoopback(fetch: Fetch): Fetch {
  return async (request) => {
    const origin = request.headers.get('origin')
    if (!isLoopback(`http://${request.headers.get('host')}`) || (origin !== null && !isLoopback(origin))) {
      return Response.json(
        { error: { kind: 'unauthenticated', message: 'This development server answers pages of this machine only.' } },
        { status: 403 },
      )
    }
    if (origin === null) return fetch(request)
    const response =
      request.method === 'OPTIONS' ? new Response(null, { status: 204, headers: PREFLIGHT }) : await fetch(request)
    const headers = new Headers(response.headers)
    headers.set('access-control-allow-origin', origin)
    headers.append('vary', 'origin')
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
  }
}

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type, content-encoding, x-syncline-user, x-syncline-claims',
  'access-control-max-age': '600',
}

function isLoopback(origin: string): boolean {
  try {
    return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname)
  } catch {
    return false
  }
}
