/**
 * Puts a document's keys into one order, whatever order they came in: fields as the schema lists them,
 * records by id. Two projects that mean the same are then the same bytes.
 */
import type { z } from 'zod'

type Definition = {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly valueType?: z.ZodType
  readonly element?: z.ZodType
  readonly innerType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly discriminator?: string
  readonly getter?: () => z.ZodType
}

/** `value` has to fit the schema; what the schema does not describe is put in alphabetical order. */
export function canonical(schema: z.ZodType, value: unknown): unknown {
  const definition = definitionOf(schema)
  if (definition.getter !== undefined) return canonical(definition.getter(), value)
  if (definition.innerType !== undefined) return value === null ? null : canonical(definition.innerType, value)
  const { element, shape, valueType, options } = definition
  if (Array.isArray(value))
    return element === undefined ? value.map(sorted) : value.map((item) => canonical(element, item))
  if (!isObject(value)) return value
  if (shape !== undefined) {
    return Object.fromEntries(
      Object.entries(shape).flatMap(([key, field]) =>
        value[key] === undefined ? [] : [[key, canonical(field, value[key])]],
      ),
    )
  }
  if (valueType !== undefined) {
    return Object.fromEntries(sortedKeys(value).map((key) => [key, canonical(valueType, value[key])]))
  }
  const option = options?.find((candidate) => hasKind(candidate, definition.discriminator, value))
  return option === undefined ? sorted(value) : canonical(option, value)
}

/** Key order alone, for values that have no schema. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.fromEntries(sortedKeys(value).map((key) => [key, sorted(value[key])]))
}

/** By code unit, which is the same in every locale. */
const sortedKeys = (value: object): string[] => Object.keys(value).sort()

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const definitionOf = (schema: z.ZodType): Definition => schema.def as unknown as Definition

function hasKind(
  option: z.ZodType,
  discriminator: string | undefined,
  value: Readonly<Record<string, unknown>>,
): boolean {
  const field = discriminator === undefined ? undefined : definitionOf(option).shape?.[discriminator]
  return field !== undefined && discriminator !== undefined && field.safeParse(value[discriminator]).success
}
