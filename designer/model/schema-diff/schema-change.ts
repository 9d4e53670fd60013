/** One thing about a server schema that is otherwise than before. */
import type { ServerEntity } from '../project'

export type SchemaChange = { readonly id: string; readonly needs: readonly string[] } & SchemaChangeDetail

export type SchemaChangeDetail =
  | { readonly kind: 'entity-added' | 'entity-removed'; readonly entity: string }
  | {
      readonly kind: 'entity-renamed'
      readonly entity: string
      readonly from: QualifiedName
      readonly to: QualifiedName
    }
  | {
      readonly kind: 'entity-kind'
      readonly entity: string
      readonly from: ServerEntity['kind']
      readonly to: ServerEntity['kind']
    }
  | { readonly kind: 'attribute-added' | 'attribute-removed'; readonly entity: string; readonly attribute: string }
  | {
      readonly kind: 'attribute-renamed' | 'attribute-type'
      readonly entity: string
      readonly attribute: string
      readonly from: string
      readonly to: string
    }
  | {
      readonly kind: 'attribute-nullable'
      readonly entity: string
      readonly attribute: string
      readonly to: boolean
    }
  /** The default, the identity or the expression that fills it in. */
  | {
      readonly kind: 'attribute-filling'
      readonly entity: string
      readonly attribute: string
      readonly from: string | null
      readonly to: string | null
    }
  /** Names of attributes, in key order. */
  | { readonly kind: 'key'; readonly entity: string; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly kind: 'uniques'; readonly entity: string }
  | {
      readonly kind: 'reference-added' | 'reference-removed' | 'reference-changed'
      readonly entity: string
      readonly foreignKey: string
    }
  | { readonly kind: 'type-added' | 'type-removed' | 'type-changed' | 'type-renamed'; readonly type: string }
  /** What is not the schema itself: comments, the order of columns, names of constraints, row counts and sizes. */
  | { readonly kind: 'details' }

export interface QualifiedName {
  readonly schema: string
  readonly name: string
}

/** The id of the change that there is once at most. */
export const DETAILS = 'details'

/** The kind and what it is about: the same for the same change, whenever it is looked for. */
export function changeId(detail: SchemaChangeDetail): string {
  const parts = [
    detail.kind,
    'entity' in detail ? detail.entity : null,
    'attribute' in detail ? detail.attribute : null,
    'foreignKey' in detail ? detail.foreignKey : null,
    'type' in detail ? detail.type : null,
  ]
  return parts.filter((part) => part !== null).join(' ')
}
