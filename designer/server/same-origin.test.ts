import { describe, expect, it } from 'vitest'
import { checkOrigin, guarded } from './same-origin'

const request = (headers: Record<string, string>): Request =>
  new Request('http://localhost:3000/api/trpc', { method: 'POST', headers })

const kindOf = (headers: Record<string, string>, names: readonly string[] = []) =>
  checkOrigin(request(headers), names).kind

describe('a request is let through', () => {
  it.each([
    ['from the own page', { host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }],
    ['by the IPv4 address', { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' }],
    ['by the IPv6 address', { host: '[::1]:3000' }],
    ['from a program, which sends no origin', { host: 'localhost:3000' }],
    ['typed into the address bar', { host: 'localhost:3000', 'sec-fetch-site': 'none' }],
  ])('%s', (_case, headers) => {
    expect(kindOf(headers)).toBe('allowed')
  })

  it('by a name that was allowed', () => {
    expect(kindOf({ host: 'syncline.lan:3000', origin: 'http://syncline.lan:3000' }, ['syncline.lan'])).toBe('allowed')
  })
})

describe('a request is refused', () => {
  it.each([
    [
      "from another site's page",
      { host: 'localhost:3000', origin: 'https://example.com', 'sec-fetch-site': 'cross-site' },
    ],
    ['from a page on another port of this machine', { host: 'localhost:3000', origin: 'http://localhost:4000' }],
    ['from a sandboxed page, whose origin is null', { host: 'localhost:3000', origin: 'null' }],
    ['where the browser says same-site only', { host: 'localhost:3000', 'sec-fetch-site': 'same-site' }],
    [
      'to a foreign name that was made to point here',
      { host: 'evil.example:3000', origin: 'http://evil.example:3000' },
    ],
    ['to a name that only begins like ours', { host: 'localhost.evil.example' }],
    ['without a host', {}],
  ])('%s', (_case, headers: Record<string, string>) => {
    expect(kindOf(headers)).toBe('refused')
  })

  it('with 403 and a reason, before the route sees it', async () => {
    let seen = false
    const route = guarded(async () => {
      seen = true
      return new Response()
    })
    const response = await route(request({ host: 'localhost:3000', origin: 'https://example.com' }))
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ kind: 'failed', message: expect.stringContaining('another site') })
    expect(seen).toBe(false)
  })
})
