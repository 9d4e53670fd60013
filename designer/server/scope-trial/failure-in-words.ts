import type { Answer } from '../data-source/answers'

/** What PostgreSQL refused, as somebody who designs a scope needs to hear it. */
export function failureInWords({ code, message }: Extract<Answer, { kind: 'failed' }>): string {
  const said = message.replace(/\s+/g, ' ').trim()
  switch (code) {
    case 'timeout':
      return 'Counting took longer than 10 seconds. Compare columns that have an index, or try it on sample data.'
    case '22P02':
    case '22003':
    case '22007':
    case '22008':
      return `A value does not fit the column that it is compared with: ${said}. On a server, this user’s sync would fail. Change the claim, or compare it with another column.`
    case '42501':
      return `The connection may not read this: ${said}. Grant it SELECT, or connect as another user.`
    case '42P01':
    case '42703':
      return `The database is not as the schema says: ${said}. Import the schema again.`
    case '42883':
    case '42725':
      return `PostgreSQL knows no such function or operator for these types: ${said}. Cast one side, such as b.id::text.`
    case '42601':
      return `PostgreSQL can’t read the condition: ${said}.`
    default:
      return `PostgreSQL refused the question: ${said}.`
  }
}
