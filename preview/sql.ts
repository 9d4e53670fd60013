/** The few words of SQL that the preview writes itself. */

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function tableName(table: { readonly schema: string; readonly name: string }): string {
  return `${quoteName(table.schema)}.${quoteName(table.name)}`
}
