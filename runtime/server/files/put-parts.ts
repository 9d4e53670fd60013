/**
 * Parts of contents on their way to the server, kept until the last one is there; then the whole is kept if its hash is
 * its name. All by the user who sends them: what others have sent is none of his.
 */
import type { DatabaseTransaction } from '../../contract/api'
import type { PutAnswer, PutRequest } from '../../protocol/file-messages'
import type { FileContext } from './file-context'

type Part = PutRequest['parts'][number]

export async function putParts(
  { database, session, maxFileBytes }: FileContext,
  parts: readonly Part[],
): Promise<PutAnswer['have']> {
  const owner = session.user
  return database.transaction(async (tx) => {
    const have: (number | null)[] = []
    for (const part of parts) have.push(await putPart(tx, owner, part, maxFileBytes))
    return have
  })
}

async function putPart(
  tx: DatabaseTransaction,
  owner: string,
  part: Part,
  maxFileBytes: number,
): Promise<number | null> {
  const { name, total, offset, content } = part
  const [file] = await tx.query(
    'update syncline.file set at = now() where user_name = $1 and name = $2 returning octet_length(content) as size',
    [owner, name],
  )
  if (file) return Number(file.size)
  // What is there already was taken once, and may be in its row.
  if (total > maxFileBytes) return null
  let before = await lengthOf(tx, owner, name)
  if (before > total) {
    await forgetParts(tx, owner, name)
    before = 0
  }
  if (before !== offset || (content === '' && total > 0) || offset + bytesIn(content) > total) return before
  await tx.query(
    `insert into syncline.file_part (user_name, name, start, content)
     values ($1, $2, $3::bigint, decode($4, 'base64')) on conflict do nothing`,
    [owner, name, offset, content],
  )
  const after = await lengthOf(tx, owner, name)
  if (after < total) return after
  const [whole] = await tx.query(
    `insert into syncline.file (user_name, name, content)
     select $1, $2, content from (
       select coalesce(string_agg(content, ''::bytea order by start), '') as content
       from syncline.file_part where user_name = $1 and name = $2
     ) parts where encode(sha256(content), 'hex') = $2
     on conflict (user_name, name) do update set at = now() returning octet_length(content) as size`,
    [owner, name],
  )
  await forgetParts(tx, owner, name)
  return whole ? Number(whole.size) : null
}

/** Of base64. */
function bytesIn(content: string): number {
  return (content.length / 4) * 3 - (content.endsWith('==') ? 2 : content.endsWith('=') ? 1 : 0)
}

async function lengthOf(tx: DatabaseTransaction, owner: string, name: string): Promise<number> {
  const [row] = await tx.query(
    'select coalesce(sum(octet_length(content)), 0) as size from syncline.file_part where user_name = $1 and name = $2',
    [owner, name],
  )
  return Number(row?.size)
}

async function forgetParts(tx: DatabaseTransaction, owner: string, name: string): Promise<void> {
  await tx.query('delete from syncline.file_part where user_name = $1 and name = $2', [owner, name])
}
