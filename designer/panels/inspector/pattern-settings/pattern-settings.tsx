import { setPattern } from '@/designer/model/operations/local-entities'
import type { LocalEntity, Pattern, ServerEntity } from '@/designer/model/project'
import { useEdit } from '@/designer/stores/session'
import { Segmented } from '../../ui/segmented'
import { AttributeResolutions } from './attribute-resolutions'
import { ChildrenSettings } from './children-settings'
import { ConflictSettingsFields } from './conflict-settings'
import { ConflictGranularity, GranularityField } from './granularity-field'
import { MergeSettings } from './merge-settings'
import { ParentSettings } from './parent-settings'

interface Props {
  readonly entity: LocalEntity
  readonly root: ServerEntity | undefined
}

/** The few settings that the entity's pattern has. */
export function PatternSettings({ entity, root }: Props) {
  const edit = useEdit()
  const { pattern } = entity
  const set = (next: Pattern) =>
    edit(`Change the pattern of “${entity.name}”`, (draft) => setPattern(draft, entity.id, next))
  switch (pattern.kind) {
    case 'read-only':
    case 'read-only-delta':
    case 'append-only':
      return null
    case 'last-write-wins':
      return (
        <>
          <Segmented
            label="The last write is"
            value={pattern.decidedBy}
            options={[
              { value: 'arrival', label: 'the later arrival' },
              { value: 'edit-time', label: 'the later edit' },
            ]}
            hint={
              pattern.decidedBy === 'arrival'
                ? 'What reaches the server later stays; clocks do not matter.'
                : 'What was made later stays, however late it arrives. A wrong clock can’t win by itself.'
            }
            onChange={(decidedBy) => set({ ...pattern, decidedBy })}
          />
          <GranularityField
            value={pattern.granularity}
            hints={{
              attribute: 'An edit writes what it changed; edits of different attributes are both kept.',
              row: 'An edit writes the whole row as its author saw it.',
            }}
            onChange={(granularity) => set({ ...pattern, granularity })}
          />
        </>
      )
    case 'conflict-detection':
      return (
        <>
          <ConflictGranularity
            value={pattern.granularity}
            onChange={(granularity) => set({ ...pattern, granularity })}
          />
          <ConflictSettingsFields value={pattern} onChange={(settings) => set({ ...pattern, ...settings })} />
          {pattern.resolution === 'merge-attributes' && pattern.handler === null && (
            <AttributeResolutions
              entity={entity}
              root={root}
              value={pattern.attributes}
              onChange={(attributes) => set({ ...pattern, attributes })}
            />
          )}
        </>
      )
    case 'one-to-many':
      return (
        <>
          <ChildrenSettings
            entity={entity}
            value={pattern.children}
            onChange={(children) => set({ ...pattern, children: [...children] })}
          />
          <ConflictSettingsFields value={pattern} onChange={(settings) => set({ ...pattern, ...settings })} />
        </>
      )
    case 'merge':
      return (
        <MergeSettings
          entity={entity}
          root={root}
          value={pattern.attributes}
          onChange={(attributes) => set({ ...pattern, attributes })}
        />
      )
    case 'on-demand':
      return <ParentSettings root={root} value={pattern.parent} onChange={(parent) => set({ ...pattern, parent })} />
  }
}
