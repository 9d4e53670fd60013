/** What a drop can do, as data: for the mouse, the menus and the keys alike. */
import type { Project } from '@/designer/model/project'

/** Something that a drop can do. Those that name no attributes ask for them first. */
export type DropChoice =
  /** A local entity of its own; `attributes` are chosen beforehand, null for all. */
  | { readonly kind: 'add-entity'; readonly root: string; readonly attributes: readonly string[] | null }
  /** Of a table that is on the canvas already: its card is shown. */
  | { readonly kind: 'show-card'; readonly entity: string }
  | { readonly kind: 'add-attributes'; readonly entity: string; readonly attributes: readonly string[] }
  | {
      readonly kind: 'denormalise'
      readonly entity: string
      readonly path: readonly string[]
      readonly attribute: string
    }
  | { readonly kind: 'denormalise-many'; readonly entity: string; readonly path: readonly string[] }
  /** A local entity of the table, as part of the rows of `parent`. */
  | { readonly kind: 'add-child'; readonly parent: string; readonly root: string }
  /** The card takes its rows from the table, and its attributes from the columns of their names. */
  | { readonly kind: 'map-by-name'; readonly entity: string; readonly table: string }

export interface LabelledChoice {
  readonly choice: DropChoice
  /** What it does, as a command: `Add city`. */
  readonly label: string
  /** What else is good to know before: `via customer_id`. */
  readonly note: string | null
  /** Why it can't be done; it is shown all the same. Null where it can. */
  readonly disabled: string | null
}

export type DropMeaning =
  /** One is done at once; of several the user chooses. */
  | { readonly kind: 'choices'; readonly choices: readonly LabelledChoice[] }
  | { readonly kind: 'refused'; readonly reason: string }

/** Those of the choices that can be done. */
export const possibleChoices = (meaning: DropMeaning): readonly LabelledChoice[] =>
  meaning.kind === 'refused' ? [] : meaning.choices.filter(({ disabled }) => disabled === null)

export type Model = Pick<Project, 'localEntities' | 'serverEntities' | 'serverTypes'>

export function choices(...given: readonly LabelledChoice[]): DropMeaning {
  return { kind: 'choices', choices: given }
}

export function refused(reason: string): DropMeaning {
  return { kind: 'refused', reason }
}
