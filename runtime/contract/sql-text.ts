/** Names and literals in SQL text, quoted so that any name is safe. */

/** A quoted identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A quoted text literal; a backslash in it stands for itself. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** An array literal of texts, typed. */
export function textArray(texts: readonly string[]): string {
  return `array[${texts.map(quoteText).join(', ')}]::text[]`
}
