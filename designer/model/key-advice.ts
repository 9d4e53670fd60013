/** Which of the ways of making keys suits a table, and why: for people to read beside the choice. */
import { defaultKeyStrategy, isNumberedByServer, possibleKeyStrategies, singleKey } from './keys'
import type { LocalEntity, Project, ServerEntity } from './project'

export type KeyWay = 'device-uuid' | 'server' | 'natural' | 'composite'

export interface KeyOption {
  readonly way: KeyWay
  readonly strategy: LocalEntity['keyStrategy']
  readonly label: string
  /** What it means for a row that is made offline. */
  readonly meaning: string
  readonly possible: boolean
  readonly recommended: boolean
  /** Why it is, is not, or could not be chosen for this table. */
  readonly reason: string
}

export interface KeyAdvice {
  /** Names of the key's attributes, in key order. */
  readonly key: readonly string[]
  readonly options: readonly KeyOption[]
  /** What a change of the server's schema would make better; null where nothing would. */
  readonly improvement: string | null
}

type Schema = Pick<Project, 'serverEntities' | 'localEntities'>

export function keyAdvice(project: Schema, root: ServerEntity): KeyAdvice {
  const key = root.primaryKey.flatMap((id) => root.attributes[id] ?? [])
  const names = key.map(({ name }) => name)
  const only = singleKey(root)
  const possible = possibleKeyStrategies(root)
  const best = defaultKeyStrategy(root)
  const given: KeyWay = key.length > 1 ? 'composite' : 'natural'
  const ways: readonly KeyWay[] = ['device-uuid', 'server', given]
  return {
    key: names,
    options: ways.map((way) => {
      const strategy = way === 'composite' ? 'natural' : way
      return {
        way,
        strategy,
        label: LABELS[way],
        meaning: MEANINGS[way],
        possible: possible.includes(strategy),
        recommended: strategy === best,
        reason: reasonFor(project, root, way, strategy === best),
      }
    }),
    improvement: improvementOf(project, root, only !== null && isNumberedByServer(only), best),
  }
}

const LABELS: Record<KeyWay, string> = {
  'device-uuid': 'The device makes a UUID',
  server: 'The server numbers it',
  natural: 'The user gives it',
  composite: 'The user gives it, in parts',
}

const MEANINGS: Record<KeyWay, string> = {
  'device-uuid': 'A row made offline has its final key at once.',
  server: 'A row made offline has a provisional key until it is synced; references to it follow.',
  natural: 'Two devices may choose the same key: the second row is then refused, or a conflict.',
  composite: 'A row made offline has its final key as soon as all parts are given.',
}

function reasonFor(project: Schema, root: ServerEntity, way: KeyWay, recommended: boolean): string {
  const key = root.primaryKey.flatMap((id) => root.attributes[id] ?? [])
  const names = key.map(({ name }) => name).join(', ')
  const only = singleKey(root)
  const type = only?.type ?? ''
  const referred = referredByKey(project, root)
  switch (way) {
    case 'device-uuid':
      if (only === null) return `The key has ${key.length} parts (${names}); a device makes keys that are one uuid.`
      if (only.identity === 'always') return `The server always makes "${names}" itself.`
      if (type !== 'uuid') return `"${names}" is ${article(type)}, and a device makes keys that are one uuid.`
      return recommended
        ? `"${names}" is one uuid: no two devices make the same, and nothing has to be renamed later.`
        : `"${names}" refers to ${listed(referred)}: it has the key of that row, so a new one would lead nowhere.`
    case 'server': {
      if (only === null) return `The key has ${key.length} parts; the server makes keys that are one number.`
      if (!isNumberedByServer(only)) return `"${names}" is not filled in from a sequence on the server.`
      const followers = localsThatReferTo(project, root)
      return `"${names}" is ${article(type)} from a sequence${
        followers.length === 0 ? '.' : `: ${listed(followers)} ${followers.length === 1 ? 'follows' : 'follow'} it.`
      }`
    }
    case 'natural':
      if (only?.identity === 'always') return `The server always makes "${names}" itself.`
      if (only !== null && isNumberedByServer(only)) {
        return `The sequence of "${names}" does not know of numbers that users give, and may give them again.`
      }
      return referred.length > 0
        ? `"${names}" refers to ${listed(referred)}: the row belongs to one that is there already.`
        : recommended
          ? `"${names}" (${type}) is something that people know, and neither a uuid nor from a sequence.`
          : 'Choose this where the key has a meaning, such as a number that was printed before.'
    case 'composite':
      return referred.length > 0
        ? `"${names}" is the key, with parts that refer to ${listed(referred)}: a provisional key there is followed here.`
        : `"${names}" together are the key, and each part is known when the row is made.`
  }
}

/** The tables that parts of the key refer to. */
const referredByKey = (project: Schema, root: ServerEntity): string[] =>
  Object.values(root.foreignKeys)
    .filter(({ attributes }) => attributes.some((id) => root.primaryKey.includes(id)))
    .flatMap(({ entity }) => project.serverEntities[entity]?.name ?? [])
    .map((name) => `"${name}"`)
    .sort()

function localsThatReferTo(project: Schema, root: ServerEntity): string[] {
  return Object.values(project.localEntities)
    .filter((local) =>
      Object.values(project.serverEntities[local.root]?.foreignKeys ?? {}).some(({ entity }) => entity === root.id),
    )
    .map(({ name }) => `"${name}"`)
    .sort()
}

function improvementOf(
  project: Schema,
  root: ServerEntity,
  numbered: boolean,
  best: LocalEntity['keyStrategy'],
): string | null {
  if (best === 'device-uuid' || referredByKey(project, root).length > 0) return null
  return numbered
    ? 'A uuid key on the server would let devices make final keys offline, without renaming.'
    : 'If two devices may make the same key by chance, add a uuid column and make it the key on the server.'
}

const article = (type: string): string => (/^[aeiou]/i.test(type) ? `an ${type}` : `a ${type}`)

const listed = (names: readonly string[]): string =>
  names.length <= 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
