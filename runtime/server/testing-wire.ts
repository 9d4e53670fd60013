/** The wire as a test speaks it: a server over a database with tables of every kind of key, and a raw device. */
import type { Database, Server } from '../contract'
import type { AttributeContract, Bundle, EntityContract } from '../contract/bundle'
import { BUNDLE_VERSION } from '../contract/bundle'
import {
  type Edit,
  type Outcome,
  type Page,
  PROTOCOL_VERSION,
  SyncResponse,
  type WireValue,
} from '../protocol/messages'
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
    pattern: { kind: 'last-write-wins' },
    references: [],
    uniques: [],
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
  const server = await createServer(bundle, { database, authenticate: () => ({ user: 'ann' }), ...rest })
  await server.install()
  return createWire(server, bundle)
}

export interface Wire {
  readonly server: Server
  readonly post: (body: unknown, init?: RequestInit) => Promise<Response>
  readonly push: (
    groups: readonly (readonly [id: number, edits: readonly Edit[]])[],
    device?: string,
  ) => Promise<Outcome[]>
  /** One page. */
  readonly pull: (entities: readonly string[], cursors?: string | null, resume?: string | null) => Promise<Page>
}

export function createWire(server: Server, bundle: Bundle): Wire {
  const post = (body: unknown, init: RequestInit = {}) =>
    server.fetch(new Request('http://server.test/sync', { method: 'POST', body: JSON.stringify(body), ...init }))
  const sync = async (body: object) => {
    const response = await post({
      protocol: PROTOCOL_VERSION,
      schemaHash: bundle.schemaHash,
      device: DEVICE,
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
    post,
    push: async (groups, device = DEVICE) =>
      (await sync({ device, push: groups.map(([id, edits]) => ({ id: uuid(id), edits })) })).outcomes,
    pull: async (entities, cursor = null, resume = null) => {
      const pull = entities.map((id) => ({
        entity: id,
        cursor,
        attributes: bundle.entities.find((each) => each.id === id)?.attributes.map((attribute) => attribute.id) ?? [],
      }))
      const { page } = await sync({ pull, resume })
      if (!page) throw new Error('The answer has no page.')
      return page
    },
  }
}

/** What a device holds of some entities: applies whole pulls and nothing else. */
export class Replica {
  cursor: string | null = null
  readonly rows = new Map<string, Map<string, WireValue[]>>()

  constructor(
    private readonly wire: Wire,
    private readonly entities: readonly string[],
    private readonly bundle: Bundle = SHOP,
  ) {}

  /** Answers the number of pages; `between` runs after each page but the last. */
  async pull(between: (page: number) => Promise<void> = async () => undefined): Promise<number> {
    let resume: string | null = null
    const full = new Set<string>()
    const staged = new Map<string, Map<string, WireValue[] | null>>()
    for (let pages = 1; ; pages += 1) {
      const page = await this.wire.pull(this.entities, this.cursor, resume)
      for (const part of page.entities) {
        if (part.full) full.add(part.entity)
        const stage = staged.get(part.entity) ?? new Map<string, WireValue[] | null>()
        staged.set(part.entity, stage)
        for (const row of part.rows) stage.set(this.keyOf(part.entity, row), row)
        for (const key of part.deleted) stage.set(JSON.stringify(key), null)
      }
      if (page.cursor !== null) {
        this.cursor = page.cursor
        this.apply(full, staged)
        return pages
      }
      resume = page.next
      await between(pages)
    }
  }

  private apply(full: ReadonlySet<string>, staged: ReadonlyMap<string, ReadonlyMap<string, WireValue[] | null>>): void {
    for (const [id, stage] of staged) {
      const rows = full.has(id) ? new Map<string, WireValue[]>() : (this.rows.get(id) ?? new Map<string, WireValue[]>())
      for (const [key, row] of stage) {
        if (row) rows.set(key, row)
        else rows.delete(key)
      }
      this.rows.set(id, rows)
    }
  }

  private keyOf(id: string, row: readonly WireValue[]): string {
    const contract = this.bundle.entities.find((each) => each.id === id)
    return JSON.stringify(
      contract?.key.map((key) => row[contract.attributes.findIndex((attribute) => attribute.id === key)]),
    )
  }

  /** The rows of an entity, in the order of their keys' text. */
  list(id: string): WireValue[][] {
    return [...(this.rows.get(id) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }
}
