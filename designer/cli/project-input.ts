import { readFile } from 'node:fs/promises'
import { type Project, parseProject } from '@/designer/model'
import { hasErrors, type Outcome, wrongUse } from './outcome'

export type ProjectInput =
  | { readonly kind: 'read'; readonly project: Project }
  | { readonly kind: 'refused'; readonly outcome: Outcome }

/** Reads the project file that a command was given. */
export async function readProject(path: string): Promise<ProjectInput> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    return { kind: 'refused', outcome: wrongUse(unreadable(path, error)) }
  }
  const parsed = parseProject(text)
  if (parsed.kind === 'ok') return { kind: 'read', project: parsed.project }
  return { kind: 'refused', outcome: hasErrors(`${path}: ${parsed.message}`) }
}

export function unreadable(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ENOENT') return `There is no file ${path}. Check the path.`
  if (code === 'EISDIR') return `${path} is a folder, and a file is needed.`
  return `${path} can't be read (${error instanceof Error ? error.message : String(error)}).`
}
