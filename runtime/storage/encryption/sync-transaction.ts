/** What sync writes and reads of a store, with sensitive values sealed in it and clear outside of it. */
import type { Bundle, Image, Key, StagedPart, StoredEdit, SyncTransaction } from '../../contract'
import { mapCopyFields } from './copy-fields'
import { isSealed, type ValueCipher } from './value-cipher'

/** By entity id: the type of each sensitive attribute, by attribute id. Entities without any are left out. */
type SensitiveTypes = ReadonlyMap<string, ReadonlyMap<string, string>>

export function sealSyncTransaction(tx: SyncTransaction, bundle: Bundle, cipher: ValueCipher): SyncTransaction {
  const types = sensitiveTypes(bundle)
  const open = async (text: string) => (await cipher.open(text))?.text ?? text

  const mapImage = async (entity: string, image: Image, map: (type: string, text: string) => Promise<string>) => {
    const sensitive = types.get(entity)
    if (!sensitive) return image
    const mapped: Record<string, string | null> = { ...image }
    for (const [attribute, type] of sensitive) {
      const text = image[attribute]
      if (text !== null && text !== undefined) mapped[attribute] = await map(type, text)
    }
    return mapped
  }
  const sealImage = (entity: string, image: Image) => mapImage(entity, image, cipher.seal)
  const openImage = (entity: string, image: Image) => mapImage(entity, image, (_, text) => open(text))
  const sealOrNull = async (entity: string, image: Image | null) => (image === null ? null : sealImage(entity, image))
  const openOrNull = async (entity: string, image: Image | null) => (image === null ? null : openImage(entity, image))
  const openEdits = (edits: readonly StoredEdit[]) =>
    Promise.all(
      edits.map(async (edit) => ({
        ...edit,
        set: await openImage(edit.entity, edit.set),
        was: await openImage(edit.entity, edit.was),
      })),
    )
  const openMap = async <T extends Image | null>(entity: string, images: ReadonlyMap<string, T>) => {
    if (!types.has(entity)) return images
    const entries = [...images].map(async ([key, image]) => [key, (await openOrNull(entity, image)) as T] as const)
    return new Map(await Promise.all(entries))
  }

  // What the store would compute of its rows is of sealed ones; without it, its caller reads `serverImages`.
  const { digest: _, ...plain } = tx
  return {
    ...plain,
    addEdits: async (edits) =>
      tx.addEdits(
        await Promise.all(
          edits.map(async (edit) => ({
            ...edit,
            set: await sealImage(edit.entity, edit.set),
            was: await sealImage(edit.entity, edit.was),
            shadow: await sealOrNull(edit.entity, edit.shadow),
          })),
        ),
      ),
    sealed: async (limit) => openEdits(await tx.sealed(limit)),
    editsOfGroups: async (groups) => openEdits(await tx.editsOfGroups(groups)),
    editsOfRows: async (rows) => openEdits(await tx.editsOfRows(rows)),
    shadows: async (entity, keys) => openMap(entity, await tx.shadows(entity, keys)),
    putShadows: async (entity, shadows) => {
      const sealed = shadows.map(
        async ([key, image]): Promise<readonly [Key, Image | null]> => [key, await sealOrNull(entity, image)],
      )
      await tx.putShadows(entity, await Promise.all(sealed))
    },
    images: async (entity, keys) => openMap(entity, await tx.images(entity, keys)),
    putImages: async (entity, images) =>
      tx.putImages(entity, await Promise.all(images.map((image) => sealImage(entity, image)))),
    serverImages: (entity, each) =>
      tx.serverImages(entity, async (images) =>
        each(await Promise.all(images.map((image) => openImage(entity, image)))),
      ),
    stage: async (part) => tx.stage(await sealPart(types, part, cipher)),
    applyStaged: async (entity, full) => {
      const applied = await tx.applyStaged(entity, full)
      const edited = applied.edited.map(async ({ key, image }) => ({ key, image: await openOrNull(entity, image) }))
      return { ...applied, edited: await Promise.all(edited) }
    },
    // Refusals and conflicts repeat rows; a record is sealed as a whole, and as JSON again.
    putRecord: async (kind, record) =>
      tx.putRecord(kind, { ...record, body: JSON.stringify(await cipher.seal('json', record.body)) }),
    records: async (kind) =>
      Promise.all(
        (await tx.records(kind)).map(async (record) => ({ ...record, body: await openBody(cipher, record.body) })),
      ),
  }
}

function sensitiveTypes(bundle: Bundle): SensitiveTypes {
  const entries = bundle.entities.map(({ id, attributes }) => {
    const sensitive = attributes.filter((attribute) => attribute.sensitive)
    return [id, new Map(sensitive.map((attribute) => [attribute.id, attribute.type]))] as const
  })
  return new Map(entries.filter(([, attributes]) => attributes.size > 0))
}

/** The stage keeps pages as text, so single fields of the text are sealed. */
async function sealPart(types: SensitiveTypes, part: StagedPart, cipher: ValueCipher): Promise<StagedPart> {
  const sensitive = types.get(part.entity)
  if (!sensitive) return part
  const typeOfColumn = part.attributes.map((attribute) => sensitive.get(attribute) ?? null)
  return { ...part, rows: await mapCopyFields(part.rows, typeOfColumn, cipher.seal) }
}

/** A record from before the bundle had sensitive attributes is not sealed. */
async function openBody(cipher: ValueCipher, body: string): Promise<string> {
  const value: unknown = JSON.parse(body)
  const opened = typeof value === 'string' && isSealed(value) ? await cipher.open(value) : null
  return opened?.text ?? body
}
