/**
 * Files of a device: attributes whose value is the name of a content, which is kept beside the tables and travels by itself.
 *
 *   create, update ─bytes─► content kept ─name─► row ─► edit ─► (content sent) ─► push
 *   file() ─► is it here? ─► else fetched, checked, kept          a sync with nothing left to send ─► what no row names goes
 *
 * Invariants
 * - A content is kept inside of the local transaction that names it, or while the conflict is open that it resolves, and
 *   removed inside of a transaction of the sync's: neither ever sees the other half done.
 * - Nothing is removed while an edit, a conflict or a quarantined group may name it (P3).
 * - All of sync knows names alone.
 */
import type {
  Bundle,
  Clock,
  DeviceTables,
  EntityActions,
  EntityContract,
  FileActions,
  FileStore,
  Input,
  LocalTransaction,
  Timers,
} from '../../contract'
import type { SyncFailure } from '../../core/sync-error'
import { toText } from '../../storage/values'
import type { EntityError, keyValues } from '../entity-actions'
import type { SendFile, Upload } from '../request'
import { boundedFiles } from './bounded-files'
import { downloadContent } from './download'
import { fileAttributes, isName, nameOf } from './file-names'
import { uploadContents } from './upload'

/** Functions and errors are the device's own: this file is linked apart from it. */
export interface FilePorts {
  readonly bundle: Bundle
  readonly files: FileStore
  readonly tables: DeviceTables
  readonly timers: Timers
  readonly clock: Clock
  readonly keyValues: typeof keyValues
  readonly EntityError: typeof EntityError
  readonly SyncFailure: typeof SyncFailure
}

export interface DeviceFiles {
  /** The tables, of which local writes take bytes where the attribute is a file. */
  readonly tables: DeviceTables
  /** Keeps the contents among the values, and answers these with their names; `EntityError` where one is no file. */
  readonly named: (entity: EntityContract, values: Input) => Promise<Input>
  readonly upload: Upload
  /** Removes contents that nothing names any more. */
  readonly sweep: () => Promise<void>
  /** The same actions, with `file` where the entity has some. */
  readonly actions: (
    actions: { readonly [name: string]: EntityActions },
    send: SendFile,
  ) => Record<string, EntityActions & Partial<FileActions>>
}

export function deviceFiles(given: Omit<FilePorts, 'files'> & { readonly files: FileStore | undefined }): DeviceFiles {
  const { bundle, tables, files, SyncFailure } = given
  if (!files)
    throw new Error(
      'This bundle has attributes that are files, and createDevice was given no files. Give openFiles(…).',
    )
  const ports = { ...given, files: boundedFiles(files, given) }
  const unreadable = () =>
    new SyncFailure(
      'invalid-message',
      "The server's answer about a file can't be read. Check that it runs the same version.",
    )
  const owners = bundle.entities.filter((entity) => fileAttributes(entity).length > 0)
  return {
    tables: {
      ...tables,
      write: (nowMs, fn) => tables.write(nowMs, (tx) => fn(keepContents(ports, tx))),
      wipe: async () => {
        await tables.wipe()
        for (const name of await ports.files.names()) await ports.files.remove(name)
      },
    },
    named: (entity, values) => keepNamed(ports, entity, values),
    upload: (groups, send, tell) => uploadContents({ ...ports, send, tell, unreadable }, groups),
    sweep: () => sweep(ports, owners),
    actions: (actions, send) => {
      const withFiles = owners.flatMap((entity) => {
        const own = actions[entity.name]
        return own ? [[entity.name, { ...own, ...fileActions(ports, entity, own.get, send, unreadable) }] as const] : []
      })
      return { ...actions, ...Object.fromEntries(withFiles) } as Record<string, EntityActions & Partial<FileActions>>
    },
  }
}

async function keepNamed({ files, EntityError }: FilePorts, entity: EntityContract, values: Input): Promise<Input> {
  const names: Record<string, string | null> = {}
  for (const { name: attribute } of fileAttributes(entity)) {
    const value = values[attribute]
    if (value instanceof Uint8Array) {
      const name = nameOf(value)
      await files.put(name, value)
      names[attribute] = name
    } else if (value !== undefined && value !== null && !isName(value)) {
      throw new EntityError(
        'bad-values',
        `${entity.name}.${attribute} is a file. Give its content as a Uint8Array; a text is encoded by new TextEncoder().`,
      )
    }
  }
  return { ...values, ...names }
}

function keepContents(ports: FilePorts, tx: LocalTransaction): LocalTransaction {
  return {
    ...tx,
    create: async (entity, values) => tx.create(entity, await keepNamed(ports, entity, values)),
    update: async (entity, key, changes) => tx.update(entity, key, await keepNamed(ports, entity, changes)),
  }
}

async function sweep({ files, tables }: FilePorts, owners: readonly EntityContract[]): Promise<void> {
  if ((await files.names()).length === 0) return
  await tables.sync(async (tx) => {
    const { pendingEdits, conflicts, quarantined } = await tx.state()
    if (pendingEdits + conflicts + quarantined > 0) return
    let unnamed = await files.names()
    for (const entity of owners) {
      for (const { id } of fileAttributes(entity)) {
        const keys = unnamed.map((name) => [name])
        const named = new Set((await tx.referredKeys(entity.id, keys, entity.id, [id])).map(([name]) => name))
        unnamed = unnamed.filter((name) => !named.has(name))
      }
    }
    for (const name of unnamed) await files.remove(name)
  })
}

function fileActions(
  { files, EntityError, keyValues }: FilePorts,
  entity: EntityContract,
  get: EntityActions['get'],
  send: SendFile,
  unreadable: () => Error,
): FileActions {
  return {
    file: async (key, attributeName, given) => {
      const attribute = fileAttributes(entity).find(({ name }) => name === attributeName)
      if (!attribute) throw new EntityError('unknown-attribute', `${entity.name} has no file ${attributeName}.`)
      const values = keyValues(entity, entity.key, key)
      const row = await get(key)
      if (row === null && given === undefined)
        throw new EntityError(
          'not-found',
          `${entity.name} has no row with the key ${JSON.stringify(values.map(String))}.`,
        )
      const name = given ?? row?.[attributeName] ?? null
      if (name === null) return null
      if (!isName(name))
        throw new EntityError(
          'bad-values',
          `${entity.name}.${attributeName} has no name of a content: it is ${String(name)}.`,
        )
      const kept = await files.get(name)
      if (kept) return kept
      const wireKey = values.map((value) => toText(value) ?? '')
      const content = await downloadContent(
        { entity: entity.id, key: wireKey, attribute: attribute.id, name },
        send,
        unreadable,
      )
      if (content === null)
        throw new EntityError(
          'not-found',
          `The server has another file in ${entity.name}.${attributeName} by now, or the row is gone. Sync, and ask again.`,
        )
      await files.put(name, content)
      return content
    },
  }
}
