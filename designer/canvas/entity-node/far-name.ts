/*
 * A name seen from afar takes several lines, which end where its words do. How large it can be written depends on its
 * longest word: it is reckoned from the text alone, since to measure it would cost time at each step of a zoom.
 */

/** After these a line may end; a capital after a small letter starts a word too. */
const WORD_END = /([_\-.])(?=[^_\-. ])|(?<=\p{Ll})(?=\p{Lu})/gu
const BREAK = '\u200b'

/** How many letters of the code font a card has room for: at the large size, at the usual one and at the small one. */
const ROOM = { large: 10, usual: 12, small: 16 } as const

/** How long the longest word is, in sizes of writing that it fits in. */
export type WordLength = 'short' | 'long' | 'longest'

/** The name with the places at which a line may end. */
export const breakable = (name: string): string => name.replace(WORD_END, `$1${BREAK}`)

/** A word that fits in at no size is broken at the usual one, since a smaller would help nobody to read it. */
export function wordLength(name: string): WordLength {
  const letters = Math.max(
    ...breakable(name)
      .split(/[\u200b ]/)
      .map((word) => [...word].length),
  )
  if (letters <= ROOM.large) return 'short'
  return letters > ROOM.usual && letters <= ROOM.small ? 'longest' : 'long'
}
