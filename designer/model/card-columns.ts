/**
 * Cards in columns by their references: parents left of children and near to them, as many columns as fill a canvas
 * of some shape best, and in each column the order in which references go up and down least.
 */

export interface ColumnCard {
  readonly id: string
  /** With the gap below it. */
  readonly height: number
  /** Ids of other cards; those that are not among the cards count for nothing. */
  readonly parents: readonly string[]
}

interface Shape {
  /** With the gap beside it. */
  readonly columnWidth: number
  /** Width by height. */
  readonly aspect: number
}

/** The cards of each column, from left to right and from top to bottom. */
export function arrangeColumns(cards: readonly ColumnCard[], shape: Shape): ColumnCard[][] {
  return orderWithin(fold(layersOf(cards), shape), cards)
}

// ── Layers ──────────────────────────────────────────────────────────────────────────────────────

/** Cards by how far they are down the references; a card without parents goes next to the first of its children. */
function layersOf(cards: readonly ColumnCard[]): ColumnCard[][] {
  const byId = new Map(cards.map((card) => [card.id, card]))
  const depths = depthsOf(cards, byId)
  const children = new Map<string, string[]>()
  for (const { id, parents } of cards) {
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const layers: ColumnCard[][] = []
  for (const card of cards) {
    const depth = depths.get(card.id) ?? 0
    const below = (children.get(card.id) ?? []).map((child) => depths.get(child) ?? 0)
    const layer = depth > 0 || below.length === 0 ? depth : Math.max(0, Math.min(...below) - 1)
    layers[layer] ??= []
    layers[layer].push(card)
  }
  return layers.filter((layer) => layer !== undefined)
}

/** Longest way up to a card without parents; a reference that closes a cycle does not count. */
function depthsOf(cards: readonly ColumnCard[], byId: ReadonlyMap<string, ColumnCard>): Map<string, number> {
  const depths = new Map<string, number>()
  const open = new Set<string>()
  const visit = (card: ColumnCard): number => {
    const known = depths.get(card.id)
    if (known !== undefined) return known
    open.add(card.id)
    let depth = 0
    for (const parent of card.parents.flatMap((id) => byId.get(id) ?? [])) {
      if (!open.has(parent.id)) depth = Math.max(depth, visit(parent) + 1)
    }
    open.delete(card.id)
    depths.set(card.id, depth)
    return depth
  }
  for (const card of cards) visit(card)
  return depths
}

// ── Columns ─────────────────────────────────────────────────────────────────────────────────────

/** What is no higher than this is seen whole and can be read: nothing is won by making it smaller. */
const SEEN_WHOLE = 1000

/** Puts layers that follow each other into one column, and spreads long ones, so that the whole is seen largest. */
function fold(layers: readonly ColumnCard[][], { columnWidth, aspect }: Shape): ColumnCard[][] {
  const total = heightOf(layers.flat())
  let best: ColumnCard[][] = []
  let bestSize = Number.POSITIVE_INFINITY
  for (let columns = 1; columns <= Math.ceil(total / columnWidth) + 1; columns += 1) {
    // Cards can't be cut, so a column may need somewhat more than its share.
    for (const slack of [1, 1.1, 1.2, 1.35, 1.5]) {
      const folded = foldTo((total / columns) * slack, layers)
      const size = Math.max(SEEN_WHOLE, (folded.length * columnWidth) / aspect, ...folded.map(heightOf))
      // Of two that are seen equally large, the one with more columns has more of its children beside their parents.
      if (size <= bestSize) {
        best = folded
        bestSize = size
      }
    }
    if ((columns * columnWidth) / aspect > bestSize) break
  }
  return best
}

function foldTo(most: number, layers: readonly ColumnCard[][]): ColumnCard[][] {
  const columns: ColumnCard[][] = []
  let column: ColumnCard[] = []
  const close = () => {
    if (column.length > 0) columns.push(column)
    column = []
  }
  for (const layer of layers) {
    // A layer stays together where it can.
    if (heightOf(column) + heightOf(layer) > most) close()
    for (const card of layer) {
      if (heightOf(column) + card.height > most) close()
      column.push(card)
    }
  }
  close()
  return columns
}

const heightOf = (cards: readonly ColumnCard[]): number => cards.reduce((sum, { height }) => sum + height, 0)

// ── Order ───────────────────────────────────────────────────────────────────────────────────────

const SWEEPS = 6

/** Swaps neighbours in a column as long as that brings cards nearer to those that they refer to. */
function orderWithin(columns: ColumnCard[][], cards: readonly ColumnCard[]): ColumnCard[][] {
  const linked = new Map<string, string[]>()
  const link = (a: string, b: string) => linked.set(a, [...(linked.get(a) ?? []), b])
  for (const { id, parents } of cards) {
    for (const parent of parents) {
      link(id, parent)
      link(parent, id)
    }
  }
  const middle = new Map<string, number>()
  const measure = (column: readonly ColumnCard[]) => {
    let y = 0
    for (const { id, height } of column) {
      middle.set(id, y + height / 2)
      y += height
    }
  }
  columns.forEach(measure)
  const climb = (column: readonly ColumnCard[]): number =>
    column.reduce((sum, { id }) => {
      const here = middle.get(id) ?? 0
      return sum + (linked.get(id) ?? []).reduce((far, other) => far + Math.abs(here - (middle.get(other) ?? here)), 0)
    }, 0)

  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let changed = false
    for (const column of columns) {
      for (let index = 0; index + 1 < column.length; index += 1) {
        const before = climb(column)
        swap(column, index)
        measure(column)
        if (climb(column) < before) changed = true
        else {
          swap(column, index)
          measure(column)
        }
      }
    }
    if (!changed) break
  }
  return columns
}

function swap(column: ColumnCard[], index: number): void {
  const [first, second] = [column[index], column[index + 1]]
  if (first && second) column.splice(index, 2, second, first)
}
