/** Requests and responses as plain data, because neither crosses a message port as it is. */
import type { CarriedRequest, CarriedResponse } from './messages'

export async function requestToCarried(request: Request): Promise<CarriedRequest> {
  return { url: request.url, method: request.method, headers: [...request.headers], body: await request.text() }
}

export function carriedToRequest({ url, method, headers, body }: CarriedRequest): Request {
  return new Request(url, { method, headers: headersFrom(headers), ...(body !== '' && { body }) })
}

export async function responseToCarried(response: Response): Promise<CarriedResponse> {
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}

export function carriedToResponse({ status, headers, body }: CarriedResponse): Response {
  return new Response(body, { status, headers: headersFrom(headers) })
}

function headersFrom(pairs: CarriedRequest['headers']): Headers {
  return new Headers(pairs.map(([name, value]): [string, string] => [name, value]))
}
