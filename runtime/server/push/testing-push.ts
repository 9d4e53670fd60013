/** Pushes as a test makes them: a database with a table for every pattern, and edits straight into `pushGroups`. */
import type { Database, JsonValue } from '../../contract/api'
import {
  type AttributeContract,
  BUNDLE_VERSION,
  type Bundle,
  type ConflictCase,
  type Decision,
  type EntityContract,
  type ScopeRule,
} from '../../contract/bundle'
import { serverInstallSql } from '../../contract/server-schema-sql'
import type { Edit, Outcome } from '../../protocol/messages'
import { planEntities } from '../plan'
import { momentAsBase, readMoment, tablesOf } from '../pull/moment'
import { type PushContext, pushGroups } from './push-groups'

export const WORKSHOP_SQL = `
create table customer (id integer generated always as identity primary key, name text not null unique, boss integer references customer, secret text default 'hidden');
create table item (code text primary key, label text, price numeric(10,2) check (price >= 0), doubled numeric generated always as (price * 2) stored);
create table line (customer integer references customer, item text references item, quantity integer not null default 1, note text, primary key (customer, item));
create table country (code text primary key, name text);
create table ticket (id uuid primary key, title varchar(20) not null, body text, slug text unique, customer integer references customer);
create table task (id uuid primary key, title text not null, body text, slug text unique, customer integer references customer);
create table stock (id text primary key, amount integer, weight numeric(10,2), tags text[], doc jsonb, label text);
create table clock (id text primary key, a text, b text);
create table clock_row (id text primary key, a text, b text);
create table bill (id uuid primary key, title text);
create table bill_line (id uuid primary key, bill uuid not null references bill on delete cascade, text text);
create table visit (id uuid primary key, note text);
create table paper (id text primary key, region text, owner text, text text);
create table ring_a (id text primary key, b text, label text);
create table ring_b (id text primary key, a text references ring_a, label text);
alter table ring_a add foreign key (b) references ring_b;
insert into country values ('CH', 'Switzerland');
insert into item values ('bolt', 'Bolt', 1.50), ('nut', 'Nut', 0.25);
insert into stock values ('s', 10, 1.50, '{a,b}', '[1, {"k": 1}]', 'Box');
insert into clock values ('c', 'a0', 'b0');
insert into clock_row values ('c', 'a0', 'b0');
insert into paper values ('mine', 'N', 'ann', 't'), ('theirs', 'N', 'bob', 't'), ('far', 'S', 'ann', 'Confidential');
`

const settings = { handler: 'h', handledOn: 'server', blocksSync: false } as const
const region: ScopeRule = {
  where: `b."region" = session.claims->>'region'`,
  columns: ['region'],
  claims: ['region'],
  tables: [],
  readsTime: false,
}
const owner: ScopeRule = { ...region, where: 'b."owner" = session.user_name', columns: ['owner'], claims: [] }

/** `decide` is the handler of all entities that detect conflicts. */
export function workshopBundle(
  decide: (conflict: ConflictCase) => Decision = () => ({ kind: 'park' }),
  handledOn: 'server' | 'device' = 'server',
): Bundle {
  const detect = { ...settings, handledOn }
  const toCustomer = {
    attributes: ['customer'],
    entity: 'customer',
    referencedAttributes: ['id'],
    onDelete: 'no-action',
  } as const
  return {
    bundleVersion: BUNDLE_VERSION,
    projectId: 'pr_workshop',
    projectName: 'Workshop',
    schemaHash: 'workshop-1',
    types: [],
    units: [],
    handlers: [{ id: 'h', name: 'Handler', version: 'v7', decide }],
    entities: [
      entity('country', ['code'], ['code', 'name'], { direction: 'down', pattern: { kind: 'read-only-delta' } }),
      entity('customer', ['id'], ['id', 'name', 'boss'], {
        keyStrategy: 'server',
        references: [{ attributes: ['boss'], entity: 'customer', referencedAttributes: ['id'], onDelete: 'no-action' }],
      }),
      entity('item', ['code'], ['code', 'label', 'price', 'doubled'], {}, ['doubled']),
      entity('line', ['customer', 'item'], ['customer', 'item', 'quantity', 'note'], {
        references: [
          toCustomer,
          { attributes: ['item'], entity: 'item', referencedAttributes: ['code'], onDelete: 'no-action' },
        ],
      }),
      entity('ticket', ['id'], ['id', 'title', 'body', 'slug', 'customer'], {
        keyStrategy: 'device-uuid',
        pattern: { kind: 'conflict-detection', granularity: 'row', ...detect },
        uniques: [['slug']],
        references: [toCustomer],
      }),
      entity('task', ['id'], ['id', 'title', 'body', 'slug', 'customer'], {
        keyStrategy: 'device-uuid',
        pattern: { kind: 'conflict-detection', granularity: 'attribute', ...detect },
        uniques: [['slug']],
        references: [toCustomer],
      }),
      typed(
        entity('stock', ['id'], ['id', 'amount', 'weight', 'tags', 'doc', 'label'], {
          pattern: { kind: 'merge', policies: { amount: 'counter', weight: 'counter', tags: 'set', doc: 'set' } },
        }),
        { amount: 'integer', weight: 'numeric(10,2)', tags: 'text[]', doc: 'jsonb' },
      ),
      entity('clock', ['id'], ['id', 'a', 'b'], {
        pattern: { kind: 'last-write-wins', decidedBy: 'edit-time', granularity: 'attribute' },
      }),
      entity('clock_row', ['id'], ['id', 'a', 'b'], {
        pattern: { kind: 'last-write-wins', decidedBy: 'edit-time', granularity: 'row' },
      }),
      entity('bill', ['id'], ['id', 'title'], {
        keyStrategy: 'device-uuid',
        pattern: { kind: 'one-to-many', children: ['bill_line'], ...detect },
      }),
      entity('bill_line', ['id'], ['id', 'bill', 'text'], {
        keyStrategy: 'device-uuid',
        references: [{ attributes: ['bill'], entity: 'bill', referencedAttributes: ['id'], onDelete: 'cascade' }],
      }),
      entity('visit', ['id'], ['id', 'note'], {
        keyStrategy: 'device-uuid',
        direction: 'up',
        pattern: { kind: 'append-only' },
      }),
      entity('paper', ['id'], ['id', 'region', 'owner', 'text'], { scope: { read: region, write: owner } }),
      entity('ring_a', ['id'], ['id', 'b', 'label'], {
        references: [{ attributes: ['b'], entity: 'ring_b', referencedAttributes: ['id'], onDelete: 'no-action' }],
      }),
      entity('ring_b', ['id'], ['id', 'a', 'label'], {
        references: [{ attributes: ['a'], entity: 'ring_a', referencedAttributes: ['id'], onDelete: 'no-action' }],
      }),
    ],
  }
}

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** The device that a test means when it names none. */
export const HERE = uuid(1)
export const ELSEWHERE = uuid(2)
/** The server's clock. */
export const NOW = 1_700_000_000_000

export interface Pusher {
  readonly push: (groups: readonly TestGroup[], from?: Partial<PushContext>) => Promise<Outcome[]>
  /** One group of the given edits under a new id. */
  readonly edit: (edits: readonly Edit[], from?: Partial<PushContext>) => Promise<Outcome>
  /** What a device has seen that has pulled everything now. */
  readonly seen: () => Promise<string>
}

export type TestGroup = readonly [id: number, edits: readonly Edit[]]

/** Installs the bundle's tracking and answers how to push to it. */
export async function startPushing(database: Database, bundle: Bundle = workshopBundle()): Promise<Pusher> {
  await database.transaction((tx) => tx.execute(serverInstallSql(bundle)))
  return pusher(database, bundle)
}

export function pusher(database: Database, bundle: Bundle): Pusher {
  const plans = planEntities(bundle)
  const push: Pusher['push'] = (groups, from = {}) =>
    pushGroups(
      {
        database,
        plans,
        bundle,
        device: HERE,
        session: { user: 'ann', claims: { region: 'N' } satisfies Record<string, JsonValue> },
        nowMs: NOW,
        sentAt: NOW,
        maxGroupEdits: 10_000,
        random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
        ...from,
      },
      groups.map(([id, edits]) => ({ id: uuid(id), edits: [...edits] })),
    )
  return {
    push,
    edit: async (edits, from) => {
      const [outcome] = await push([[Math.floor(Math.random() * 1e12), edits]], from)
      if (!outcome) throw new Error('A group was not answered.')
      return outcome
    },
    seen: async () => {
      const tables = [...plans.values()].flatMap(tablesOf)
      return momentAsBase((await readMoment(database, tables)).moment)
    },
  }
}

type Values = Record<string, string | null>
type Made = Partial<Pick<Edit, 'base' | 'at' | 'resolves'>>

const MADE = { base: null, at: NOW, resolves: null }

export function create(entity: string, key: string[], set: Values, made: Made = {}): Edit {
  return { op: 'create', entity, key, set, ...MADE, ...made }
}

export function update(entity: string, key: string[], set: Values, made: Made & { readonly was?: Values } = {}): Edit {
  return { op: 'update', entity, key, set, was: {}, ...MADE, ...made }
}

export function remove(entity: string, key: string[], made: Made & { readonly was?: Values } = {}): Edit {
  return { op: 'delete', entity, key, was: {}, ...MADE, ...made }
}

/** An entity whose attributes have their columns' names as ids, and whose id is its table's name. */
function entity(
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
      nullable: !key.includes(name),
      default: null,
      readOnly: readOnly.includes(name),
      sensitive: false,
    }),
  )
  return {
    id: table,
    name: table,
    table,
    server: { id: `se_${table}`, schema: 'public', table },
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

function typed(contract: EntityContract, types: Readonly<Record<string, string>>): EntityContract {
  return {
    ...contract,
    attributes: contract.attributes.map((attribute) => ({ ...attribute, type: types[attribute.id] ?? attribute.type })),
  }
}
