/** Checks a connection URL, and says what is wrong with a connection. Never with its password. */
import type { ImportFailure, ImportFailureReason } from './import-result'

export interface ConnectionTarget {
  readonly host: string
  readonly port: string
  readonly user: string
  readonly database: string
}

/** Sensible for a server on the other side of the world, short for somebody who waits. */
export const CONNECT_TIMEOUT_SECONDS = 5

export function parseConnectionUrl(text: string): ConnectionTarget | ImportFailure {
  const example = 'Write it like postgres://user:password@host:5432/database.'
  const trimmed = text.trim()
  if (!/^postgres(ql)?:\/\//i.test(trimmed)) return failed('wrong-url', `This is not a postgres:// URL. ${example}`)
  const encode = 'Characters such as @ : / # ? in a password have to be percent-encoded (# is %23, / is %2F).'
  let url: URL
  try {
    url = new URL(trimmed)
  } catch {
    return failed('wrong-url', `The URL can't be read. ${example} ${encode}`)
  }
  // A password with a bare # or / moves the rest of the URL there; to go on would print a part of it as a host.
  if (url.hash !== '' || url.pathname.includes('@') || url.search.includes('@'))
    return failed('wrong-url', `The URL can't be read. ${encode}`)
  if (url.hostname === '') return failed('wrong-url', `The URL names no host. ${example}`)
  const database = safeDecode(url.pathname.slice(1))
  const user = safeDecode(url.username)
  if (database === null || user === null || safeDecode(url.password) === null)
    return failed('wrong-url', `The URL has a % that encodes nothing. ${encode}`)
  return {
    host: url.hostname,
    port: url.port === '' ? '5432' : url.port,
    user,
    database: database === '' ? user : database,
  }
}

/** What a failed connection or query means to the person who gave the URL. */
export function explainConnectionError(
  error: unknown,
  { host, port, user, database }: ConnectionTarget,
): ImportFailure {
  const code = codeOf(error)
  const place = `${host}:${port}`
  switch (code) {
    case 'ECONNREFUSED':
      return failed(
        'unreachable',
        `Nobody answers at ${place}: no server listens there. Check the host and the port, and that PostgreSQL runs and accepts TCP connections.`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed(
        'unreachable',
        `There is no host called ${host}. Check its spelling, and that this machine can resolve it.`,
      )
    case 'CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failed(
        'unreachable',
        `No PostgreSQL answered at ${place} within ${CONNECT_TIMEOUT_SECONDS} seconds. Check the host and the port, whether it is PostgreSQL that listens there, and whether a firewall stands between.`,
      )
    case 'CONNECTION_CLOSED':
    case 'CONNECTION_ENDED':
    case 'ECONNRESET':
    case 'EPIPE':
      return failed(
        'unreachable',
        `The connection to ${place} was closed by the other side. Is it PostgreSQL that listens there? If it asks for TLS, add ?sslmode=require to the URL.`,
      )
    case '28P01':
      return failed(
        'refused',
        `The server at ${place} refused the password of user ${user}. Check user and password; special characters in a URL have to be percent-encoded.`,
      )
    case '28000':
      return failed(
        'refused',
        `The server at ${place} doesn't let user ${user} into database ${database} from here. If it asks for TLS, add ?sslmode=require to the URL; else its pg_hba.conf decides.`,
      )
    case '3D000':
      return failed('refused', `The server at ${place} has no database called ${database}. Check the URL's last part.`)
    case '53300':
      return failed(
        'refused',
        `The server at ${place} has no connection left. Try again later, or end some of its connections.`,
      )
    case '42501':
      return failed('refused', `User ${user} may not read the catalogue of ${database}. Use a user that may.`)
    default:
      if (
        code?.startsWith('ERR_TLS') === true ||
        code === 'DEPTH_ZERO_SELF_SIGNED_CERT' ||
        code === 'SELF_SIGNED_CERT_IN_CHAIN'
      ) {
        return failed(
          'refused',
          `The certificate of ${place} can't be verified (${code}). With ?sslmode=require in the URL the connection is encrypted without that check.`,
        )
      }
      return failed(
        'broken',
        `Reading ${database} at ${place} failed${code === null ? '' : ` (${code})`}. Look into the server's log for the reason, then try again.`,
      )
  }
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  // A host with several addresses fails with one error for each.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'string' ? code : null
}

function safeDecode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function failed(reason: ImportFailureReason, message: string): ImportFailure {
  return { kind: 'failed', reason, message }
}
