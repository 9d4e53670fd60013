/** The type of an attribute's values in TypeScript: what JavaScript can't hold exactly is a string. */
import type { DeviceValue, ValueKind } from '@/designer/model'
import { stringLiteral } from '../3-emit/code'

const BASE: Record<ValueKind, string> = {
  boolean: 'boolean',
  number: 'number',
  integer64: 'number | bigint',
  bytes: 'Uint8Array',
  json: 'JsonValue',
  time: 'string',
  text: 'string',
}

export function typescriptType(value: DeviceValue): string {
  switch (value.kind) {
    case 'base':
      return BASE[value.value]
    case 'enum':
      return value.values.length === 0 ? 'never' : value.values.map(stringLiteral).join(' | ')
    case 'array':
      // PostgreSQL doesn't tell `integer[]` from `integer[][]`; nearly all arrays in tables have one dimension.
      return `readonly (${typescriptType(value.of)} | null)[]`
  }
}

/** Dates may be given as a `Date`, which loses nothing that it has. */
export const takesDate = (value: DeviceValue): boolean => value.kind === 'base' && value.value === 'time'
