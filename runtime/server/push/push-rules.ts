/**
 * How edits of an entity are taken: what its pattern means for a push, worked out once.
 */
import type { ConflictSettings, MergePolicy } from '../../contract/bundle'
import { dependentsOf } from '../../contract/dependents'
import type { EntityPlan, EntityPlans } from '../plan'

export type PushRule =
  /** Nothing is taken. */
  | { readonly kind: 'refuse' }
  /** What arrives is written. */
  | { readonly kind: 'arrival'; readonly createsOnly: boolean }
  /** The later edit stays. */
  | { readonly kind: 'edit-time'; readonly granularity: 'row' | 'attribute' }
  | { readonly kind: 'merge'; readonly policies: { readonly [attribute: string]: MergePolicy } }
  | DetectRule

/** Writes that did not know of each other meet a handler. */
export interface DetectRule {
  readonly kind: 'detect'
  /** What of two updates is a conflict; `nothing` in an aggregate, where the last write wins. */
  readonly updates: 'row' | 'attribute' | 'nothing'
  readonly settings: ConflictSettings
  /** The entities of rows that go with a row of this one, with the attributes that refer to it. */
  readonly children: readonly ChildRule[]
  /** True where a device has the settings too, so that its handler can decide. */
  readonly deviceKnows: boolean
}

export interface ChildRule {
  readonly plan: EntityPlan
  /** Attribute ids of the child, and those of the parent to which they refer. */
  readonly attributes: readonly string[]
  readonly referenced: readonly string[]
  /** True in an aggregate; false where the database takes them along by itself. */
  readonly owned: boolean
}

export function pushRules(plans: EntityPlans): ReadonlyMap<string, PushRule> {
  return new Map([...plans].map(([id, plan]) => [id, pushRule(plans, plan)]))
}

function pushRule(plans: EntityPlans, plan: EntityPlan): PushRule {
  const { pattern, direction } = plan.entity
  if (direction === 'down') return { kind: 'refuse' }
  switch (pattern.kind) {
    case 'read-only':
    case 'read-only-delta':
      return { kind: 'refuse' }
    case 'append-only':
      return { kind: 'arrival', createsOnly: true }
    case 'merge':
      return { kind: 'merge', policies: pattern.policies }
    case 'conflict-detection':
      return {
        kind: 'detect',
        updates: pattern.granularity,
        settings: pattern,
        children: childrenOf(plans, plan),
        deviceKnows: true,
      }
    case 'one-to-many':
      return {
        kind: 'detect',
        updates: 'nothing',
        settings: pattern,
        children: childrenOf(plans, plan),
        deviceKnows: true,
      }
    case 'last-write-wins':
    case 'on-demand':
      break
  }
  if (pattern.kind === 'last-write-wins' && pattern.decidedBy === 'edit-time') {
    return { kind: 'edit-time', granularity: pattern.granularity }
  }
  // A row of somebody else's aggregate is torn from it in the same ways.
  const whole = [...plans.values()]
    .map(({ entity }) => entity.pattern)
    .find((other) => other.kind === 'one-to-many' && other.children.includes(plan.entity.id))
  if (whole?.kind === 'one-to-many') {
    return { kind: 'detect', updates: 'nothing', settings: whole, children: [], deviceKnows: false }
  }
  return { kind: 'arrival', createsOnly: false }
}

function childrenOf(plans: EntityPlans, { entity: head }: EntityPlan): ChildRule[] {
  const entities = [...plans.values()].map(({ entity }) => entity)
  return dependentsOf(entities, head).flatMap(({ entity, reference, owned }) => {
    const plan = plans.get(entity.id)
    return plan ? [{ plan, attributes: reference.attributes, referenced: reference.referencedAttributes, owned }] : []
  })
}
