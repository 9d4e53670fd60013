import type { LocalEntity, ServerEntity } from '@/designer/model/project'

export interface KeyChoice {
  readonly strategy: LocalEntity['keyStrategy']
  readonly label: string
  readonly hint: string
}

const CHOICES = {
  device: {
    strategy: 'device-uuid',
    label: 'The device makes a UUID',
    hint: 'A row made offline has its final key at once.',
  },
  server: {
    strategy: 'server',
    label: 'The server numbers it',
    hint: 'A row made offline has a provisional key until it is synced; references to it follow.',
  },
  natural: {
    strategy: 'natural',
    label: 'The user gives it',
    hint: 'Two devices may choose the same key: the second row is then refused, or a conflict.',
  },
} as const satisfies Record<string, KeyChoice>

/** The ways that the table's key allows, as the operation that sets one would. */
export function keyChoices(root: ServerEntity | undefined): readonly KeyChoice[] {
  const key = root?.primaryKey.flatMap((id) => root.attributes[id] ?? []) ?? []
  const [only] = key
  const always = key.some(({ identity }) => identity === 'always')
  return [
    ...(key.length === 1 && only?.type === 'uuid' && !always ? [CHOICES.device] : []),
    ...(key.some(({ identity, default: made }) => identity !== null || made !== null) ? [CHOICES.server] : []),
    ...(always ? [] : [CHOICES.natural]),
  ]
}
