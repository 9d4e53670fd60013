/** The few words of SQL that the preview writes itself. */

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function tableName(table: { readonly schema: string; readonly name: string }): string {
  return `${quoteName(table.schema)}.${quoteName(table.name)}`
}

/**
 * The word by which a statement would begin or end a transaction, or null for all other statements. `prepare`
 * alone prepares a statement, and `release` and `savepoint` have no other meaning.
 */
export function transactionWord(text: string): string | null {
  const plain = text.replace(/^(\s|;|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+/, '')
  return TRANSACTION_WORD.exec(plain)?.[0].toLowerCase().replaceAll(/\s+/g, ' ') ?? null
}

const TRANSACTION_WORD =
  /^(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i
