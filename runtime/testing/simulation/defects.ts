/**
 * Known mistakes of sync engines, each put in from outside by wrapping a port: what a simulator is worth shows in
 * whether it finds them. No production code knows of them.
 */
import type { Database, Transport, TransportResponse } from '../../contract/api'
import type { Bundle } from '../../contract/bundle'
import { type DeviceTables, keyText, type SyncTransaction } from '../../contract/storage'
import { uuidFromBytes } from '../../core/uuid'
import { SyncRequest, SyncResponse } from '../../protocol/messages'
import type { SIM_PARTS } from './sim-bundle'

export interface Defect {
  readonly name: string
  /** What goes wrong because of it. */
  readonly why: string
  /** `several`: it shows only where transactions of the server overlap, on a server with several connections. */
  readonly connections: 'one' | 'several'
  /** The part of the simulation's bundle whose patterns it hurts. */
  readonly part: keyof typeof SIM_PARTS
  readonly tables?: (tables: DeviceTables, bundle: Bundle) => DeviceTables
  readonly transport?: (transport: Transport) => Transport
  readonly database?: (database: Database) => Database
  readonly serverBundle?: (bundle: Bundle) => Bundle
}

export const DEFECTS: readonly Defect[] = [
  {
    name: 'the base of an edit is moved by a pull',
    why: 'versions that nobody saw are overwritten',
    connections: 'one',
    part: 'conflicts',
    transport: rewriting((request) => {
      const cursors = new Map(request.pull.map(({ entity, cursor }) => [entity, cursor]))
      return {
        ...request,
        push: request.push.map((group) => ({
          ...group,
          edits: group.edits.map((edit) => ({ ...edit, base: cursors.get(edit.entity) ?? edit.base })),
        })),
      }
    }),
  },
  {
    name: 'the end of a conflict of which no edit tells is kept to itself',
    why: 'the server’s record of it waits for ever',
    connections: 'one',
    part: 'conflicts',
    transport: rewriting(({ ended: _, ...request }) => request),
  },
  {
    name: 'rows go although rows with edits refer to them',
    why: 'a reader finds references to nothing until the server has answered',
    connections: 'one',
    part: 'lastWrite',
    tables: (tables) => inSync(tables, () => ({ editedReferences: async () => [] })),
  },
  {
    name: 'groups are known by a counter',
    why: 'a device whose last transactions were lost uses a number again, and the new edit is taken for a duplicate',
    connections: 'one',
    part: 'scopes',
    tables: (tables) =>
      inSync(tables, (tx) => ({
        seal: (groups) =>
          tx.seal(new Map([...groups].map(([transaction]) => [transaction, numbered(tables.deviceId, transaction)]))),
      })),
  },
  {
    name: 'the server answers before it commits',
    why: 'what it could not commit is lost',
    connections: 'one',
    part: 'lastWrite',
    database: (database) => {
      let transactions = 0
      return {
        ...database,
        transaction: async (fn, options) => {
          transactions += 1
          if (transactions % 2 !== 0) return database.transaction(fn, options)
          const answer: { value?: { readonly result: Awaited<ReturnType<typeof fn>> } } = {}
          await database
            .transaction(async (tx) => {
              answer.value = { result: await fn(tx) }
              throw new NotCommitted()
            }, options)
            .catch((error: unknown) => {
              if (!(error instanceof NotCommitted)) throw error
            })
          if (!answer.value) throw new NotCommitted()
          return answer.value.result
        },
      }
    },
  },
  {
    name: 'a pull replaces edited rows instead of rebasing',
    why: 'local edits vanish from the screen',
    connections: 'one',
    part: 'lastWrite',
    tables: (tables) =>
      inSync(tables, (tx) => ({
        applyStaged: async (entity, full) => {
          const applied = await tx.applyStaged(entity, full)
          const images = applied.edited.map(({ image }) => image).filter((image) => image !== null)
          await tx.putImages(entity, images)
          return { ...applied, edited: [] }
        },
      })),
  },
  {
    name: 'the cursor is saved before the rows',
    why: 'a device that dies in between never asks for them again',
    connections: 'one',
    part: 'conflicts',
    tables: (tables) => ({
      ...tables,
      sync: async (fn) => {
        const saved: Parameters<SyncTransaction['setCursors']>[0][] = []
        try {
          return await tables.sync((tx) =>
            fn({
              ...tx,
              applyStaged: async (entity, full) => {
                saved.push(new Map())
                return tx.applyStaged(entity, full)
              },
              setCursors: async (cursors) => {
                saved.push(cursors)
                await tx.setCursors(cursors)
              },
            }),
          )
        } catch (error) {
          for (const cursors of saved) await tables.sync((tx) => tx.setCursors(cursors))
          throw error
        }
      },
    }),
  },
  {
    name: 'a group is not atomic on the server',
    why: 'half of it stays where the other half failed',
    connections: 'one',
    part: 'scopes',
    database: (database) => ({
      ...database,
      transaction: async (fn, options) => {
        const failure: { error?: unknown; failed: boolean } = { failed: false }
        const result = await database.transaction(async (tx) => {
          try {
            return { value: await fn(tx) }
          } catch (error) {
            failure.failed = true
            failure.error = error
            return null
          }
        }, options)
        if (failure.failed || result === null) throw failure.error
        return result.value
      },
    }),
  },
  {
    name: 'the server keeps no record of groups',
    why: 'a retry is applied again',
    connections: 'one',
    part: 'scopes',
    database: (database) => ({
      ...database,
      transaction: async (fn, options) => {
        const result = await database.transaction(fn, options)
        await database.execute('delete from syncline.push_group')
        return result
      },
    }),
  },
  {
    name: 'departures from the scope are dropped',
    why: 'rows stay that the session may no longer see',
    connections: 'one',
    part: 'scopes',
    transport: withoutDeleted((entity) => SCOPED.has(entity)),
  },
  {
    name: 'deletes are dropped',
    why: 'rows stay that are gone',
    connections: 'one',
    part: 'lastWrite',
    transport: withoutDeleted((entity) => !SCOPED.has(entity)),
  },
  {
    name: 'edits of a row are cut down to the last one',
    why: 'attributes that only an earlier edit changed never arrive',
    connections: 'one',
    part: 'lastWrite',
    tables: (tables) =>
      inSync(tables, (tx) => ({
        sealed: async (limit) => {
          const edits = await tx.sealed(limit)
          const last = new Map(edits.map((edit) => [`${edit.group} ${edit.entity} ${keyText(edit.key)}`, edit.seq]))
          return edits.filter((edit) => last.get(`${edit.group} ${edit.entity} ${keyText(edit.key)}`) === edit.seq)
        },
      })),
  },
  {
    name: 'conflicts are overwritten silently',
    why: 'the server treats every pattern as last write wins',
    connections: 'one',
    part: 'conflicts',
    serverBundle: (bundle) => ({
      ...bundle,
      entities: bundle.entities.map((entity) =>
        entity.pattern.kind === 'conflict-detection'
          ? { ...entity, pattern: { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'attribute' } }
          : entity,
      ),
    }),
  },
  {
    name: 'references keep temporary keys',
    why: 'rows refer to a key that no longer exists',
    connections: 'one',
    part: 'aggregates',
    tables: (tables, bundle) =>
      inSync(tables, (tx) => ({
        replaceValues: async (entityId, attribute, values) => {
          const entity = bundle.entities.find(({ id }) => id === entityId)
          return entity?.keyStrategy === 'server' && entity.key.includes(attribute)
            ? tx.replaceValues(entityId, attribute, values)
            : 0
        },
      })),
  },
  {
    name: 'a refusal does not restore the row',
    why: 'the device goes on showing what the server never took',
    connections: 'one',
    part: 'scopes',
    tables: (tables) => {
      return {
        ...tables,
        sync: (fn) =>
          tables.sync(async (tx) => {
            let refused = false
            return fn({
              ...tx,
              putRecord: async (kind, record) => {
                if (kind === 'quarantine') refused = true
                await tx.putRecord(kind, record)
              },
              putImages: async (entity, images) => (refused ? undefined : tx.putImages(entity, images)),
              removeRows: async (entity, keys) => (refused ? undefined : tx.removeRows(entity, keys)),
            })
          }),
      }
    },
  },
  {
    name: 'edits are forgotten when they are sent',
    why: 'a lost request takes them with it',
    connections: 'one',
    part: 'lastWrite',
    transport: (transport) => {
      const forgotten = new Set<string>()
      return {
        ...transport,
        sync: async (body, options) => {
          const request = SyncRequest.safeParse(body)
          if (!request.success) return transport.sync(body, options)
          const { push } = request.data
          const sent = push.filter(({ id }) => !forgotten.has(id))
          try {
            const answer = await transport.sync({ ...request.data, push: sent }, options)
            const response = SyncResponse.safeParse(answer.body)
            if (!response.success || sent.length === push.length) return answer
            // As if their answer had come: what was sent once is taken to be there.
            const outcomes = push
              .filter(({ id }) => forgotten.has(id))
              .map(({ id }) => ({ kind: 'applied', id, keys: [], overruled: [], conflicts: [] }))
            return { ...answer, body: { ...response.data, outcomes: [...outcomes, ...response.data.outcomes] } }
          } catch (error) {
            for (const { id } of sent) forgotten.add(id)
            throw error
          }
        },
      }
    },
  },
  {
    name: 'the cursor is a point in time',
    why: 'transactions that commit late are never pulled',
    connections: 'several',
    part: 'lastWrite',
    transport: answering((response) => ({
      ...response,
      page: response.page && {
        ...response.page,
        cursors:
          response.page.cursors &&
          Object.fromEntries(
            Object.entries(response.page.cursors).map(([entity, cursor]) => [
              entity,
              cursor.replace(/\d+:(\d+):[\d,]*$/, '$1:$1:'),
            ]),
          ),
      },
    })),
  },
]

class NotCommitted extends Error {
  override readonly name = 'NotCommitted'
}

/** The same tables, in whose sync transactions some functions are others. */
function inSync(tables: DeviceTables, change: (tx: SyncTransaction) => Partial<SyncTransaction>): DeviceTables {
  return { ...tables, sync: (fn) => tables.sync((tx) => fn({ ...tx, ...change(tx) })) }
}

function rewriting(change: (request: SyncRequest) => unknown): (transport: Transport) => Transport {
  return (transport) => ({
    ...transport,
    sync: (body, options) => {
      const request = SyncRequest.safeParse(body)
      return transport.sync(request.success ? change(request.data) : body, options)
    },
  })
}

/** Entities of the simulation's own bundle whose rows come and go with the session. */
const SCOPED: ReadonlySet<string> = new Set(['le_visits', 'le_details'])

function withoutDeleted(of: (entity: string) => boolean): (transport: Transport) => Transport {
  return answering((response) => ({
    ...response,
    page: response.page && {
      ...response.page,
      entities: response.page.entities.map((part) => (of(part.entity) ? { ...part, deleted: [] } : part)),
    },
  }))
}

function answering(change: (response: SyncResponse) => unknown): (transport: Transport) => Transport {
  return (transport) => ({
    ...transport,
    sync: async (body, options): Promise<TransportResponse> => {
      const answer = await transport.sync(body, options)
      const response = SyncResponse.safeParse(answer.body)
      return response.success ? { ...answer, body: change(response.data) } : answer
    },
  })
}

/** The same number on the same device gives the same id. */
function numbered(device: string, transaction: string): string {
  let state = 7
  const text = `${device} ${transaction}`
  return uuidFromBytes(
    Uint8Array.from({ length: 16 }, (_, place) => {
      for (let index = 0; index < text.length; index += 1)
        state = Math.imul(state ^ text.charCodeAt(index), 16777619) + place
      return state & 0xff
    }),
  )
}

export function wrapTransport(transport: Transport, defect: Defect | undefined): Transport {
  return defect?.transport ? defect.transport(transport) : transport
}
