/** PostgreSQL's refusals in our words: what is wrong, where, and what to do. */
import type { SqlAnswer } from '@/designer/model'

type Refused = Extract<SqlAnswer, { kind: 'refused' }>

export interface RefusalWords {
  /** PostgreSQL's reason and the place; goes on after a colon. */
  readonly reason: string
  readonly advice: string
}

/** `typed`: the text as it was written, of which the place is told. */
export function refusalInWords(refused: Refused, typed: string | null): RefusalWords {
  const said = refused.message.replace(/\s+/g, ' ').trim()
  return { reason: `${said}${placeInWords(typed, refused.position)}`, advice: adviceFor(refused) }
}

/** ` (at “as z”, line 2, character 7)`; empty where there is no place. */
function placeInWords(typed: string | null, position: number | null): string {
  if (typed === null || position === null || position < 0 || position > typed.length) return ''
  const rest = typed.slice(position).split('\n')[0]?.trim() ?? ''
  const excerpt = rest.length > LONGEST_EXCERPT ? `${rest.slice(0, LONGEST_EXCERPT)}…` : rest
  const before = typed.slice(0, position).split('\n')
  const line = typed.includes('\n') ? `line ${before.length}, ` : ''
  const character = [...(before.at(-1) ?? '')].length + 1
  return excerpt === '' ? ' (at its end)' : ` (at “${excerpt}”, ${line}character ${character})`
}

const LONGEST_EXCERPT = 24

function adviceFor({ code, message }: Refused): string {
  switch (code) {
    case '42601':
      return 'Write one expression, with nothing before and nothing after it.'
    case '42883':
    case '42725':
      return message.startsWith('operator')
        ? 'Cast one side, as in b.id::text.'
        : 'Check its name, and the types of what it is given.'
    case '42804':
    case '42P18':
      return 'Cast the sides that meet to one type, as in b.id::text.'
    case '42846':
      return 'Choose a type that it can become, or work out a value of that type.'
    case '22012':
      return 'It would fail for every row. Divide by something else.'
    case '22P02':
    case '22003':
    case '22007':
    case '22008':
    case '22023':
      return 'It would fail for every row. Write a value that the type has.'
    case '0A000':
    case '42803':
    case '42P20':
    case '21000':
      return 'It has to give one value for each row.'
    case '42703':
      return 'Name a column that is there, as in b.id.'
    case '42P01':
      return 'Name a table of the schema, with the schema that it is in.'
    case '42704':
      return 'Name a type that is there.'
    default:
      return 'Mend it.'
  }
}
