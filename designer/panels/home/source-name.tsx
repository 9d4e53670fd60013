import type { ImportSource } from './import-source-form'

/** What is imported: words, or the name of a file. */
export type SourceWords = string | { readonly file: string }

export function describeSource(source: ImportSource): SourceWords {
  switch (source.kind) {
    case 'file':
      return { file: source.file.name }
    case 'paste':
      return 'the pasted SQL'
    case 'url':
      return 'the database'
  }
}

/** A file's name is set as it is; words are part of their sentence. */
export function SourceName({ what, starts = false }: { readonly what: SourceWords; readonly starts?: boolean }) {
  if (typeof what !== 'string') return <span className="name text-ink">{what.file}</span>
  return starts ? what.charAt(0).toUpperCase() + what.slice(1) : what
}
