/** One transaction of a push while it is under way: what is known, and what its groups will be answered. */
import type { ConflictReport, KeyMapping } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import type { Moment } from '../pull/moment'
import type { KeyMap, NewKey } from './key-map'
import { type PlannedEdit, rowName } from './planned-edit'
import { editTime, type Push } from './push-context'
import type { Writer } from './write-rows'

export interface PushWork extends Writer {
  readonly push: Push
  readonly keyMap: KeyMap
  readonly moment: Moment
  /** By the group's place. */
  readonly answers: readonly GroupAnswer[]
  readonly newKeys: NewKey[]
  /** Rows, by group, of which nothing more is written because they met a conflict. */
  readonly held: Set<string>
}

export interface GroupAnswer {
  readonly keys: KeyMapping[]
  readonly overruled: { readonly entity: string; readonly key: string[]; readonly attributes: string[] | null }[]
  readonly conflicts: ConflictReport[]
}

export function hold(work: PushWork, edit: PlannedEdit): void {
  work.held.add(heldName(edit))
}

/** Lets a row's edits be written after all. */
export function release(work: PushWork, edit: PlannedEdit): void {
  work.held.delete(heldName(edit))
}

/** True where the group's own creation of the row met a conflict, so that the row is not there. */
export function isHeldRow(work: PushWork, group: number, plan: EntityPlan, key: readonly string[]): boolean {
  return work.held.has(JSON.stringify([group, rowName({ plan, key })]))
}

/** The row has the key that the server made: what refers to it can be written now, and the device is told. */
export function adoptKey(work: PushWork, edit: PlannedEdit, key: readonly string[]): void {
  const { entity } = edit.plan
  for (const id of edit.made) {
    const index = entity.key.indexOf(id)
    const made = key[index] ?? ''
    work.keyMap.fulfil(edit.key[index] ?? '', made)
    work.newKeys.push({ entity: entity.id, temporary: edit.sentKey[index] ?? '', key: made })
  }
  work.answers[edit.group]?.keys.push({ entity: entity.id, temporary: [...edit.sentKey], key: [...key] })
}

export function isHeld(work: PushWork, edit: PlannedEdit): boolean {
  return work.held.has(heldName(edit))
}

/** The edit with the keys that were made since it was planned; its own key, where the server makes it, is still to come. */
export function resolved(work: PushWork, edit: PlannedEdit): PlannedEdit {
  const { resolve } = work.keyMap
  const values = (image: PlannedEdit['set']) =>
    Object.fromEntries(Object.entries(image).map(([id, value]) => [id, resolve(value)]))
  const key = edit.key.map((value, index) =>
    edit.made.includes(edit.plan.entity.key[index] ?? '') ? value : resolve(value),
  )
  return { ...edit, key, set: values(edit.set), was: values(edit.was) }
}

export function timeOf(work: PushWork, edit: PlannedEdit): number {
  return editTime(work.push, edit.at)
}

function heldName(edit: PlannedEdit): string {
  return JSON.stringify([edit.group, rowName({ plan: edit.plan, key: edit.sentKey })])
}
