/** Server schemas in a few words, for tests. */
import type { ForeignKey, ServerAttribute, ServerEntity, ServerSchema, ServerType } from '../project'

export interface TableSpec {
  readonly schema?: string
  readonly kind?: ServerEntity['kind']
  /** `name: 'type'`, with `!` for not null; or the attribute's fields. */
  readonly attributes: Readonly<Record<string, string | Partial<ServerAttribute>>>
  readonly key?: readonly string[]
  readonly uniques?: readonly (readonly string[])[]
  /** Attribute names, the table referred to, its attributes (its key if not given). */
  readonly references?: readonly Reference[]
}

export interface Reference {
  readonly attributes: readonly string[]
  readonly table: string
  readonly to?: readonly string[]
  readonly onDelete?: ForeignKey['onDelete']
}

const attributeId = (table: string, name: string): string => `sa_${slug(table)}_${slug(name)}`.slice(0, 40)
const slug = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_]/g, '')
export const entityId = (table: string): string => `se_${slug(table)}`.slice(0, 40)

export function buildSchema(
  tables: Readonly<Record<string, TableSpec>>,
  types: readonly ServerType[] = [],
): ServerSchema {
  const serverEntities: Record<string, ServerEntity> = {}
  for (const [key, spec] of Object.entries(tables)) {
    const name = key.split('.').at(-1) ?? key
    const id = entityId(key)
    const attributes = Object.entries(spec.attributes).map(([attribute, given], index): ServerAttribute => {
      const fields =
        typeof given === 'string' ? { type: given.replace('!', ''), nullable: !given.endsWith('!') } : given
      const type = fields.type ?? 'text'
      return {
        id: attributeId(key, attribute),
        name: attribute,
        order: index + 1,
        type,
        typeId: types.find((candidate) => candidate.name === type.replace(/\[\]$/, ''))?.id ?? null,
        nullable: !(spec.key ?? []).includes(attribute),
        default: null,
        identity: null,
        generated: null,
        comment: null,
        averageBytes: null,
        ...fields,
      }
    })
    serverEntities[id] = {
      id,
      schema: spec.schema ?? 'public',
      name,
      kind: spec.kind ?? 'table',
      attributes: Object.fromEntries(attributes.map((attribute) => [attribute.id, attribute])),
      primaryKey: (spec.key ?? []).map((attribute) => attributeId(key, attribute)),
      uniques: (spec.uniques ?? []).map((names, index) => ({
        name: `${name}_unique_${index + 1}`,
        attributes: names.map((attribute) => attributeId(key, attribute)),
      })),
      foreignKeys: Object.fromEntries(
        (spec.references ?? []).map((reference, index): [string, ForeignKey] => {
          const fkId = `fk_${slug(key)}_${index + 1}`.slice(0, 40)
          return [
            fkId,
            {
              id: fkId,
              name: `${name}_fk_${index + 1}`,
              attributes: reference.attributes.map((attribute) => attributeId(key, attribute)),
              entity: entityId(reference.table),
              referencedAttributes: (reference.to ?? tables[reference.table]?.key ?? []).map((attribute) =>
                attributeId(reference.table, attribute),
              ),
              onDelete: reference.onDelete ?? 'no-action',
              onUpdate: 'no-action',
              deferrable: false,
            },
          ]
        }),
      ),
      rowEstimate: null,
      comment: null,
    }
  }
  return { serverTypes: Object.fromEntries(types.map((type) => [type.id, type])), serverEntities }
}

/** Customers, orders and their lines: natural, numbered and composite keys. */
export const shopSchema = (): ServerSchema =>
  buildSchema({
    customers: {
      attributes: {
        customer_id: 'character varying(5)!',
        company_name: 'character varying(40)!',
        city: 'text',
        credit: 'numeric(10,2)',
      },
      key: ['customer_id'],
    },
    orders: {
      attributes: {
        order_id: { type: 'integer', nullable: false, identity: 'by-default' },
        customer_id: 'character varying(5)',
        ordered_at: { type: 'timestamp with time zone', nullable: false, default: 'now()' },
        note: 'text',
      },
      key: ['order_id'],
      references: [{ attributes: ['customer_id'], table: 'customers' }],
    },
    order_details: {
      attributes: {
        order_id: 'integer!',
        product: 'text!',
        quantity: { type: 'smallint', nullable: false, default: '1' },
      },
      key: ['order_id', 'product'],
      references: [{ attributes: ['order_id'], table: 'orders', onDelete: 'cascade' }],
    },
    visits: {
      attributes: { id: { type: 'uuid', nullable: false, default: 'gen_random_uuid()' }, body: 'jsonb' },
      key: ['id'],
    },
    log: { attributes: { line: 'text' } },
    order_totals: { kind: 'view', attributes: { order_id: 'integer', total: 'numeric' } },
  })

/** The same value with the keys of every object in another order, chosen by `order`. */
export function shuffled<T>(value: T, order: (keys: string[]) => string[]): T
export function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffled(item, order))
  if (typeof value !== 'object' || value === null) return value
  const entries = new Map(Object.entries(value))
  return Object.fromEntries(order([...entries.keys()]).map((key) => [key, shuffled(entries.get(key), order)]))
}
