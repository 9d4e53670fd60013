/**
 * Random numbers that a seed decides, so that a run can be repeated exactly.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, small and fast, and it
 * passes PractRand. It is not for secrets.
 */
import type { Random } from '../contract/api'

export interface SeededRandom extends Random {
  /** A number in [0, 1). */
  readonly fraction: () => number
  /** An integer in [0, below). */
  readonly below: (below: number) => number
  /** A generator of its own, whose numbers don't depend on how many this one has given since. */
  readonly fork: (label: string) => SeededRandom
}

/** The same seed and label give the same numbers, on every machine. */
export function createSeededRandom(seed: number, label = ''): SeededRandom {
  const next = sfc32(hash(`${seed}/${label}`))
  const fraction = () => next() / 0x1_0000_0000
  return {
    fraction,
    below: (below) => Math.floor(fraction() * below),
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
    fork: (child) => createSeededRandom(seed, `${label}/${child}`),
  }
}

function sfc32([first, second, third]: readonly [number, number, number]): () => number {
  let a = first
  let b = second
  let c = third
  let counter = 1
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }
  // The author's advice: let the seed spread through the state before the first number is used.
  for (let round = 0; round < 12; round++) next()
  return next
}

/** FNV-1a with three offsets: spreads short labels over the state. */
function hash(text: string): readonly [number, number, number] {
  const fnv = (offset: number) => {
    let value = offset
    for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
    return value | 0
  }
  return [fnv(0x811c9dc5), fnv(0x01234567), fnv(0x89abcdef)]
}
