/**
 * Makes sure that what a storage or a place for files is opened at is a place that it knows, before anything is opened.
 *
 * @param call the function that was called
 * @param schemes what comes before `://` in the places that it knows
 * @param known these places in words
 */
export function assertPlace(call: string, target: unknown, schemes: readonly string[], known: string): void {
  if (typeof target !== 'string')
    throw new TypeError(`${call} takes a place as a text, not ${String(target)}. Give ${known}.`)
  const scheme = /^([a-z][\w+.-]*):\/\//i.exec(target)?.[1]
  if (scheme !== undefined && !schemes.includes(scheme))
    throw new TypeError(`${call} knows no place ${scheme}://, so it can't open ${target}. Give ${known}.`)
}
