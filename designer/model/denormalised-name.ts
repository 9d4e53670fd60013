/**
 * The name that is proposed for an attribute that is read along foreign keys: in the words of the way, so that two ways to
 * one column are told apart.
 *
 *   orders.bill_to_id → customers.name        bill_to_name
 *   orders.customer_id → customers.region → regions.name        customer_region_name
 */
import { isTooLong } from './names'
import type { PathStep } from './paths'
import type { ServerAttribute } from './project'

export function denormalisedName(steps: readonly PathStep[], { name }: Pick<ServerAttribute, 'name'>): string {
  const words = steps.map(wordOf)
  const last = words.at(-1) ?? ''
  // `customer_name` of the customers says the last step by itself.
  const end = saysIt(name, last) ? name : joined(last, name)
  const whole = words.slice(0, -1).reduceRight((inner, word) => joined(word, inner), end)
  return isTooLong(whole) ? end : whole
}

/** What a step is called: its column without the word that makes it a reference, or the table where it has several. */
function wordOf({ from, foreignKey, to }: PathStep): string {
  const [column, ...more] = foreignKey.attributes.flatMap((id) => from.attributes[id]?.name ?? [])
  if (column === undefined || more.length > 0) return to.name
  const bare = column.replace(/_(id|uuid|key|fk|ref|code|no|nr)$/i, '').replace(/(?<=\p{Ll})I[dD]$/u, '')
  // `id` that refers to another table's `id` says nothing.
  return /^_?id$/i.test(bare) ? to.name : bare
}

function saysIt(name: string, word: string): boolean {
  const rest = name.slice(word.length)
  return name.toLowerCase().startsWith(word.toLowerCase()) && (rest === '' || /^[_\s\p{Lu}]/u.test(rest))
}

/** `customerId` and `companyName` become `customerCompanyName`; other names are joined as most are written. */
function joined(word: string, name: string): string {
  const isCamel = /\p{Ll}\p{Lu}/u.test(word + name) || (/^\p{Lu}\p{Ll}/u.test(word) && /^\p{Lu}/u.test(name))
  if (!isCamel || /[_\s]/.test(word + name)) return `${word}_${name}`
  return word + name.charAt(0).toUpperCase() + name.slice(1)
}
