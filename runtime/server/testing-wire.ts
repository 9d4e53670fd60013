/** The wire as a test speaks it: a server over a database with tables of every kind of key, and a raw device. */
import type { Database, Server, Session } from '../contract'
import { type AttributeContract, BUNDLE_VERSION, type Bundle, type EntityContract } from '../contract/bundle'
import { type CopyRow, parseCopyText } from '../core/copy-text'
import { type Edit, type Outcome, type Page, PROTOCOL_VERSION, SyncResponse } from '../protocol/messages'
import { createServer, type ServerSettings } from './create-server'

export const SHOP_SQL = `
create table customer (id integer generated always as identity primary key, name text not null unique, boss integer references customer, secret text default 'hidden');
create table item (code text primary key, label text, price numeric(10,2) check (price >= 0), doubled numeric generated always as (price * 2) stored);
create table line (
  customer integer references customer, item text references item, quantity integer not null default 1, note text,
  primary key (customer, item)
);
create table country (code text primary key, name text);
insert into country values ('CH', 'Switzerland'), ('UK', 'United Kingdom');
insert into item values ('bolt', 'Bolt', 1.50), ('nut', 'Nut', 0.25);
`

export const SHOP: Bundle = {
  bundleVersion: BUNDLE_VERSION,
  projectId: 'pr_shop',
  projectName: 'Shop',
  schemaHash: 'shop-1',
  types: [],
  units: [],
  handlers: [],
  entities: [
    entity('le_country', 'country', ['code'], ['code', 'name'], {
      direction: 'down',
      pattern: { kind: 'read-only-delta' },
    }),
    entity('le_customer', 'customer', ['id'], ['id', 'name', 'boss'], {
      keyStrategy: 'server',
      references: [
        { attributes: ['boss'], entity: 'le_customer', referencedAttributes: ['id'], onDelete: 'no-action' },
      ],
    }),
    entity('le_item', 'item', ['code'], ['code', 'label', 'price', 'doubled'], {}, ['doubled']),
    entity('le_line', 'line', ['customer', 'item'], ['customer', 'item', 'quantity', 'note'], {
      references: [
        { attributes: ['customer'], entity: 'le_customer', referencedAttributes: ['id'], onDelete: 'no-action' },
        { attributes: ['item'], entity: 'le_item', referencedAttributes: ['code'], onDelete: 'no-action' },
      ],
    }),
  ],
}

/** An entity whose attributes have their columns' names as ids. */
export function entity(
  id: string,
  table: string,
  key: readonly string[],
  columns: readonly string[],
  rest: Partial<EntityContract> = {},
  readOnly: readonly string[] = [],
): EntityContract {
  const attributes = columns.map(
    (name): AttributeContract => ({
      id: name,
      name,
      column: name,
      type: 'text',
      nullable: true,
      default: null,
      readOnly: readOnly.includes(name),
      sensitive: false,
    }),
  )
  return {
    id,
    name: table,
    table,
    server: { id: id.replace('le_', 'se_'), schema: 'public', table },
    attributes,
    key,
    keyStrategy: 'natural',
    direction: 'both',
    pattern: { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'attribute' },
    references: [],
    uniques: [],
    indexes: [],
    scope: { read: null, write: null },
    ...rest,
  }
}

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export const DEVICE = uuid(1)

export async function startServer(
  database: Database,
  settings: Partial<ServerSettings> & { readonly bundle?: Bundle } = {},
): Promise<Wire> {
  const { bundle = SHOP, ...rest } = settings
  const server = await createServer(bundle, { database, authenticate: sessionOfHeader, ...rest })
  await server.install()
  return createWire(server, bundle)
}

/** Who asks, as a test says it. */
const SESSION_HEADER = 'x-test-session'

export function sessionOfHeader(request: Request): Session {
  return JSON.parse(request.headers.get(SESSION_HEADER) ?? '{"user":"ann"}') as Session
}

/** An edit as a device sends it; what is left out is as of an edit made now, on nothing seen. */
export type TestEdit = Edit extends infer Each
  ? Each extends Edit
    ? Omit<Each, 'at' | 'resolves' | 'base'> & Partial<Pick<Each, 'at' | 'resolves' | 'base'>>
    : never
  : never

export interface PulledPage extends Omit<Page, 'entities'> {
  readonly entities: readonly PulledEntity[]
}

export interface PulledEntity {
  readonly entity: string
  readonly full: boolean
  readonly rows: readonly CopyRow[]
  readonly deleted: readonly (readonly string[])[]
}

export type Cursors = { readonly [entity: string]: string } | null

export interface PullExtras {
  /** By entity. */
  readonly chosen?: { readonly [entity: string]: string[][] }
  readonly verify?: boolean
}

export interface Wire {
  readonly server: Server
  /** The same server, asked by somebody else. */
  readonly as: (session: Session) => Wire
  readonly post: (body: unknown, init?: RequestInit) => Promise<Response>
  readonly push: (
    groups: readonly (readonly [id: number, edits: readonly TestEdit[]])[],
    device?: string,
    sentAt?: number,
  ) => Promise<Outcome[]>
  /** One page. */
  readonly pull: (
    entities: readonly string[],
    cursors?: Cursors,
    resume?: string | null,
    extras?: PullExtras,
  ) => Promise<PulledPage>
}

export function createWire(server: Server, bundle: Bundle, session: Session = { user: 'ann' }): Wire {
  const post = (body: unknown, init: RequestInit = {}) =>
    server.fetch(
      new Request('http://server.test/sync', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { [SESSION_HEADER]: JSON.stringify(session) },
        ...init,
      }),
    )
  const sync = async (body: object) => {
    const response = await post({
      protocol: PROTOCOL_VERSION,
      schemaHash: bundle.schemaHash,
      device: DEVICE,
      sentAt: 0,
      push: [],
      pull: [],
      resume: null,
      ...body,
    })
    const answer: unknown = await response.json()
    if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(answer)}`)
    return SyncResponse.parse(answer)
  }
  return {
    server,
    as: (other) => createWire(server, bundle, other),
    post,
    push: async (groups, device = DEVICE, sentAt = 0) => {
      const push = groups.map(([id, edits]) => ({
        id: uuid(id),
        edits: edits.map((edit) => ({ at: sentAt, resolves: null, base: null, ...edit })),
      }))
      return (await sync({ device, sentAt, push })).outcomes
    },
    pull: async (entities, cursors = null, resume = null, { chosen = {}, verify = false } = {}) => {
      const pull = entities.map((id) =>
        pullRequest(bundle, id, cursors?.[id] ?? null, { chosen: chosen[id] ?? null, verify }),
      )
      const { page } = await sync({ pull, resume })
      if (!page) throw new Error('The answer has no page.')
      return { ...page, entities: page.entities.map(readRows) }
    },
  }
}

/** Asks for all attributes of the entity. */
export function pullRequest(
  bundle: Bundle,
  entity: string,
  cursor: string | null = null,
  rest: { readonly chosen?: string[][] | null; readonly verify?: boolean } = {},
) {
  const contract = bundle.entities.find((each) => each.id === entity)
  return {
    entity,
    cursor,
    attributes: contract?.attributes.map(({ id }) => id) ?? [],
    chosen: rest.chosen ?? null,
    verify: rest.verify ?? false,
  }
}

function readRows({ entity, full, rows, rowCount, deleted }: Page['entities'][number]): PulledEntity {
  const parsed = parseCopyText(rows)
  if (parsed.length !== rowCount) throw new Error(`${rowCount} rows were announced, and ${parsed.length} came.`)
  return { entity, full, rows: parsed, deleted }
}

/** What a device holds of some entities: applies whole pulls and nothing else. */
export class Replica {
  cursors: Cursors = null
  chosen: { readonly [entity: string]: string[][] } = {}
  readonly rows = new Map<string, Map<string, CopyRow>>()

  constructor(
    public wire: Wire,
    private readonly entities: readonly string[],
    private readonly bundle: Bundle = SHOP,
  ) {}

  /** Answers the number of pages; `between` runs after each page but the last. */
  async pull(between: (page: number) => Promise<void> = async () => undefined): Promise<number> {
    let resume: string | null = null
    const full = new Set<string>()
    const staged = new Map<string, Map<string, CopyRow | null>>()
    for (let pages = 1; ; pages += 1) {
      const page = await this.nextPage(resume)
      if (page === null) {
        // The place is no longer known: everything that came is dropped.
        full.clear()
        staged.clear()
        resume = null
        continue
      }
      for (const part of page.entities) {
        if (part.full) full.add(part.entity)
        const stage = staged.get(part.entity) ?? new Map<string, CopyRow | null>()
        staged.set(part.entity, stage)
        const seen = new Set<string>()
        for (const [key, row] of [
          ...part.rows.map((row) => [this.keyOf(part.entity, row), row] as const),
          ...part.deleted.map((key) => [JSON.stringify(key), null] as const),
        ]) {
          if (seen.has(key)) throw new Error(`A page has key ${key} of ${part.entity} twice.`)
          seen.add(key)
          stage.set(key, row)
        }
      }
      if (page.cursors !== null) {
        this.cursors = page.cursors
        this.apply(full, staged)
        return pages
      }
      resume = page.next
      await between(pages)
    }
  }

  /** Null where the pull has to begin anew. */
  private async nextPage(resume: string | null): Promise<PulledPage | null> {
    try {
      return await this.wire.pull(this.entities, this.cursors, resume, { chosen: this.chosen })
    } catch (error) {
      if (resume === null || !/pull from the beginning/.test(String(error))) throw error
      return null
    }
  }

  private apply(full: ReadonlySet<string>, staged: ReadonlyMap<string, ReadonlyMap<string, CopyRow | null>>): void {
    for (const [id, stage] of staged) {
      const rows = full.has(id) ? new Map<string, CopyRow>() : (this.rows.get(id) ?? new Map<string, CopyRow>())
      for (const [key, row] of stage) {
        if (row) rows.set(key, row)
        else rows.delete(key)
      }
      this.rows.set(id, rows)
    }
  }

  private keyOf(id: string, row: readonly (string | null)[]): string {
    const contract = this.bundle.entities.find((each) => each.id === id)
    return JSON.stringify(
      contract?.key.map((key) => row[contract.attributes.findIndex((attribute) => attribute.id === key)]),
    )
  }

  /** The rows of an entity, in the order of their keys' text. */
  list(id: string): CopyRow[] {
    return [...(this.rows.get(id) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }
}
