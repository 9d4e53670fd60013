import { inOrder, type LocalEntity } from '@/designer/model'

/** The id of the local attribute of each server attribute that is on the device. */
export const localIds = (entity: LocalEntity): ReadonlyMap<string, string> =>
  new Map(
    inOrder(entity.attributes).flatMap(([id, { source }]) =>
      source.kind === 'root' ? [[source.attribute, id] as const] : [],
    ),
  )
