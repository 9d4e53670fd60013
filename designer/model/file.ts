/** The project file: `*.syncline.json`. Written so that git shows what changed and nothing else. */
import type { z } from 'zod'
import { canonical } from './canonical'
import { migrate } from './migrations'
import { isObject } from './migrations/json'
import { FORMAT_VERSION, Project } from './project'

export const FILE_EXTENSION = '.syncline.json'

/** The project's text; the same project gives the same bytes, whatever order its keys are in. */
export const serializeProject = (project: Project): string =>
  `${JSON.stringify(canonical(Project, project), null, 2)}\n`

export type ParsedProject =
  | { readonly kind: 'ok'; readonly project: Project }
  | {
      readonly kind: 'failed'
      readonly reason: 'empty' | 'cut-off' | 'not-json' | 'not-a-project' | 'newer-format' | 'wrong-shape'
      /** What is wrong, where, and what to do. */
      readonly message: string
    }

type Failed = Extract<ParsedProject, { kind: 'failed' }>

/** Reads a project file. What refers to missing records is read too: the check reports it. */
export function parseProject(text: string): ParsedProject {
  const body = text.replace(/^\uFEFF/, '')
  if (body.trim() === '') return failed('empty', 'The file is empty. Choose a Syncline project file (*.syncline.json).')
  const parsed = parseJson(body)
  return parsed.kind === 'failed' ? parsed : projectFromDocument(parsed.document)
}

/** Reads a project that has already been parsed as JSON, as the database gives it. */
export function projectFromDocument(document: unknown): ParsedProject {
  if (!isObject(document) || typeof document.format !== 'number') {
    return failed('not-a-project', 'This is JSON, but not a Syncline project: it has no "format" number.')
  }
  const { format } = document
  if (format > FORMAT_VERSION) {
    return failed(
      'newer-format',
      `The project has format ${format}; this Syncline reads up to format ${FORMAT_VERSION}. ` +
        'It was saved by a newer Syncline: update Syncline to open it.',
    )
  }
  if (!Number.isInteger(format) || format < 1) {
    return failed('not-a-project', `The project has format ${format}, which no Syncline has written.`)
  }
  const result = Project.safeParse(migrate(document, format))
  return result.success ? { kind: 'ok', project: result.data } : failed('wrong-shape', shapeMessage(result.error))
}

type Parsed = { readonly kind: 'parsed'; readonly document: unknown } | Failed

function parseJson(text: string): Parsed {
  try {
    return { kind: 'parsed', document: JSON.parse(text) as unknown }
  } catch (error) {
    const conflict = lineOf(text, text.search(/^(<{7}|>{7})/m))
    if (conflict !== null) {
      return failed('not-json', `The file has an unresolved merge conflict at line ${conflict}. Resolve it first.`)
    }
    if (isCutOff(text)) {
      const line = text.trimEnd().split('\n').length
      return failed(
        'cut-off',
        `The file seems to be cut off: it ends at line ${line} in the middle of the document. Get a complete copy of it.`,
      )
    }
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    const line = position === undefined ? null : lineOf(text, Number(position))
    return failed(
      'not-json',
      `The file is not JSON${line === null ? '' : `: it can not be read at line ${line}`}. Choose a Syncline project file (*.syncline.json).`,
    )
  }
}

/** True for text that begins as an object and ends before it is closed. */
function isCutOff(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i]
    if (inString) {
      if (sign === '\\') i += 1
      else if (sign === '"') inString = false
      // A string of JSON holds no line break, so this is other text with a quotation mark in it.
      else if (sign === '\n') return false
    } else if (sign === '"') inString = true
    else if (sign === '{' || sign === '[') depth += 1
    else if (sign === '}' || sign === ']') depth -= 1
    else if (sign !== undefined && !/[\s,:\w.+-]/.test(sign)) return false
  }
  return inString || depth > 0
}

const lineOf = (text: string, position: number): number | null =>
  position < 0 ? null : text.slice(0, position).split('\n').length

/** More problems than this are most likely one problem, and would hide it. */
const MOST_PROBLEMS = 5

function shapeMessage(error: z.ZodError): string {
  const shown = error.issues.slice(0, MOST_PROBLEMS).map((issue) => {
    const what = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
    return `${issue.path.length === 0 ? 'the document' : issue.path.map(String).join('.')}: ${what}`
  })
  const more = error.issues.length - shown.length
  return `The project file has fields that are missing or wrong:\n${shown.join('\n')}${more > 0 ? `\n… and ${more} more` : ''}`
}

const failed = (reason: Failed['reason'], message: string): Failed => ({ kind: 'failed', reason, message })
