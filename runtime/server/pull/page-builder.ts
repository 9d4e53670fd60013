/**
 * Collects what a page says. A pull may pass a row twice, first as part of the whole and then as changed; a page
 * says each row once, as it was last.
 */
import type { Page, PageEntity, WireValue } from '../../protocol/messages'
import type { ChunkRow } from './read-chunk'

export interface PageBuilder {
  /** Mentions the entity even where it has no rows: of a full pull, that it is empty. */
  readonly mention: (entity: string, full: boolean) => void
  readonly add: (entity: string, full: boolean, rows: readonly ChunkRow[]) => void
  readonly finish: (end: Pick<Page, 'next' | 'cursor'>) => Page
}

interface Part {
  readonly full: boolean
  readonly rows: Map<string, ChunkRow>
}

export function createPageBuilder(): PageBuilder {
  const parts = new Map<string, Part>()
  const partOf = (entity: string, full: boolean): Part => {
    const part = parts.get(entity) ?? { full, rows: new Map<string, ChunkRow>() }
    parts.set(entity, part)
    return part
  }
  return {
    mention: (entity, full) => void partOf(entity, full),
    add: (entity, full, rows) => {
      const part = partOf(entity, full)
      for (const row of rows) part.rows.set(JSON.stringify(row.key), row)
    },
    finish: (end) => ({ entities: [...parts].map(([entity, part]) => toPageEntity(entity, part)), ...end }),
  }
}

function toPageEntity(entity: string, { full, rows }: Part): PageEntity {
  const all = [...rows.values()]
  return {
    entity,
    full,
    rows: all.flatMap(({ values }): WireValue[][] => (values === null ? [] : [[...values]])),
    deleted: all.flatMap(({ key, values }) => (values === null ? [[...key]] : [])),
  }
}
