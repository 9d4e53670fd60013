import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryDelayMs } from './backoff'

const fixed = { intervalMs: 10_000, backoff: 'fixed' as const }
const exponential = { intervalMs: 10_000, backoff: 'exponential' as const }

describe('D3 waiting before a repetition', () => {
  it('D3 doubles each time where the unit says so, up to an hour', () => {
    expect([1, 2, 3, 4].map((failures) => retryDelayMs(fixed, failures, 0.5))).toEqual([10_000, 10_000, 10_000, 10_000])
    expect([1, 2, 3, 4].map((failures) => retryDelayMs(exponential, failures, 0.5))).toEqual([
      10_000, 20_000, 40_000, 80_000,
    ])
    expect(retryDelayMs(exponential, 1_000, 0.5)).toBe(3_600_000)
  })

  it('D3 is spread by a quarter either way, never before Retry-After and never for ever', () => {
    const backoff = fc.constantFrom('fixed' as const, 'exponential' as const)
    fc.assert(
      fc.property(
        fc.record({ intervalMs: fc.nat(10_000_000), backoff }),
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.nat(100_000_000)),
        (retry, failures, fraction, retryAfterMs) => {
          const delayMs = retryDelayMs(retry, failures, fraction, retryAfterMs)
          const plain = Math.min(
            retry.intervalMs * (retry.backoff === 'fixed' ? 1 : 2 ** Math.min(failures - 1, 30)),
            3_600_000,
          )
          expect(delayMs).toBeGreaterThanOrEqual(Math.floor(plain * 0.75))
          expect(delayMs).toBeGreaterThanOrEqual(Math.min(retryAfterMs ?? 0, 3_600_000))
          expect(delayMs).toBeLessThanOrEqual(3_600_000 * 1.25 + 1)
        },
      ),
    )
  })
})
