/** A generated file, put together from sections, so that a record of the project can be found in its text. */

export interface CompiledFile {
  readonly path: string
  readonly text: string
  /** The line, from 1, at which each record of the project begins in the text, by id. */
  readonly places: Readonly<Record<string, number>>
}

export interface Section {
  /** The record that the section is about, if it is about one. */
  readonly id?: string
  readonly text: string
}

/** Sections are separated by an empty line. */
export function file(path: string, sections: readonly Section[]): CompiledFile {
  const places: Record<string, number> = {}
  let line = 1
  for (const { id, text } of sections) {
    if (id !== undefined) places[id] = line
    line += text.split('\n').length + 1
  }
  return { path, text: `${sections.map(({ text }) => text).join('\n\n')}\n`, places }
}
