/** The known names that are nearest to a mistyped one, best first; none where nothing is near. */
export function nearNames(name: string, known: readonly string[]): string[] {
  const wanted = plain(name)
  return known
    .map((candidate) => ({ candidate, far: distance(wanted, plain(candidate)) }))
    .filter(
      ({ candidate, far }) => far <= Math.max(1, Math.floor(wanted.length / 3)) || contains(plain(candidate), wanted),
    )
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 5)
    .map(({ candidate }) => candidate)
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^.*\./, '')
    .replace(/[^a-z0-9]/g, '')

const contains = (candidate: string, wanted: string): boolean => wanted.length > 2 && candidate.includes(wanted)

/** Levenshtein's: how many signs have to be put in, taken out or changed. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const change = (before[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(change, (before[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    before = current
  }
  return before[b.length] ?? 0
}
