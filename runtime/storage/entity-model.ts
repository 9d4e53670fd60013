/** One entity as the stores without PostgreSQL's own types see it, made once when the tables are opened. */
import type { AttributeContract, Bundle, EntityContract, Image, Input, Key, Row } from '../contract'
import {
  attributeOf,
  type DeviceDefault,
  type DeviceReference,
  deviceDefault,
  deviceReferences,
  isNullable,
} from '../contract/device-model'
import { type ColumnType, columnTypeOf } from './column-type/column-type'

export interface Column {
  readonly attribute: AttributeContract
  readonly id: string
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  readonly default: DeviceDefault | null
}

export interface EntityModel {
  readonly entity: EntityContract
  readonly columns: readonly Column[]
  readonly columnByName: ReadonlyMap<string, Column>
  readonly writable: readonly Column[]
  readonly key: readonly Column[]
  readonly references: readonly DeviceReference[]
}

export function entityModel(bundle: Bundle, entity: EntityContract): EntityModel {
  const columns = entity.attributes.map(
    (attribute): Column => ({
      attribute,
      id: attribute.id,
      name: attribute.name,
      type: columnTypeOf(attribute, bundle.types),
      nullable: isNullable(entity, attribute),
      default: deviceDefault(entity, attribute),
    }),
  )
  const byId = new Map(columns.map((column) => [column.id, column]))
  return {
    entity,
    columns,
    columnByName: new Map(columns.map((column) => [column.name, column])),
    writable: columns.filter(({ attribute }) => !attribute.readOnly),
    key: entity.key.map((id) => byId.get(attributeOf(entity, id).id) as Column),
    references: deviceReferences(bundle, entity),
  }
}

/** Values by name as texts by attribute id; what is `undefined` was not given. */
export function inputImage(model: EntityModel, values: Input): Record<string, string | null> {
  const image: Record<string, string | null> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    const column = columnNamed(model, name)
    image[column.id] = inputText(model, column, value)
  }
  return image
}

export function inputText(model: EntityModel, column: Column, value: unknown): string | null {
  try {
    return column.type.input(value)
  } catch (error) {
    throw new Error(`${model.entity.name}.${column.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The key's texts of what the API gave. */
export function inputKey(model: EntityModel, key: readonly unknown[]): Key {
  return model.key.map((column, index) => inputText(model, column, key[index]) ?? '')
}

export function keyOfImage(model: EntityModel, image: Image): Key {
  return model.key.map(({ id }) => image[id] ?? '')
}

/** The row as the API gives it. */
export function imageRow(model: EntityModel, image: Image): Row {
  const row: Record<string, Row[string]> = {}
  for (const { id, name, type } of model.columns) {
    const text = image[id] ?? null
    row[name] = text === null ? null : type.value(text)
  }
  return row
}

export function columnNamed(model: EntityModel, name: string): Column {
  const column = model.columnByName.get(name)
  if (column) return column
  throw new Error(
    `${model.entity.name} has no attribute ${name}. It has: ${[...model.columnByName.keys()].join(', ')}.`,
  )
}
