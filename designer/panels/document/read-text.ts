/**
 * What the project's text means for the project: nothing while it can't be read, else the project that it has to
 * become. Where the project changed elsewhere since the text last agreed with it, both are joined, record by record.
 */
import { projectFromDocument } from '@/designer/model/file'
import { mergeProjects } from '@/designer/model/merge'
import type { Project } from '@/designer/model/project'
import { same } from '@/designer/model/same'
import { mistakeAt } from './json-places'

export type ReadText =
  | { readonly kind: 'unreadable'; readonly reason: string; readonly offset: number | null }
  | {
      readonly kind: 'readable'
      readonly project: Project
      /** The text says it all: nothing came in from elsewhere, and nothing of an older format was brought up to date. */
      readonly isWhole: boolean
    }

/**
 * @param base the project with which the text last agreed
 * @param current the project as it is
 */
export function readText(text: string, base: Project, current: Project): ReadText {
  const document = parseJson(text)
  if (document.kind === 'unreadable') return document
  const parsed = projectFromDocument(document.value)
  if (parsed.kind === 'failed') return { kind: 'unreadable', reason: parsed.message, offset: null }
  const { project } = parsed
  if (project.id !== base.id) {
    const reason = `The id of this project is "${base.id}" and can not be changed: devices and saved copies know it by that.`
    return { kind: 'unreadable', reason, offset: null }
  }
  const isWhole = same(document.value, project)
  if (current === base) return { kind: 'readable', project, isWhole }
  return { kind: 'readable', project: mergeProjects(base, project, current).project, isWhole: false }
}

type Unreadable = Extract<ReadText, { kind: 'unreadable' }>

function parseJson(text: string): { readonly kind: 'json'; readonly value: unknown } | Unreadable {
  try {
    return { kind: 'json', value: JSON.parse(text) }
  } catch {
    // Browsers say in different ways where it is, or not at all.
    const offset = mistakeAt(text) ?? 0
    const line = text.slice(0, offset).split('\n').length
    return { kind: 'unreadable', reason: `The text is not JSON at line ${line}.`, offset }
  }
}
