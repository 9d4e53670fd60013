import { pascalCase } from '@/designer/model/names'
import type { Project } from '@/designer/model/project'
import type { EmittedFile } from '@/designer/stores/compilation'
import type { Selection } from '@/designer/stores/selection'

export interface CodePlace {
  readonly path: string
  readonly line: number
}

/** Where in the generated code a selection is: an entity at its interface, a step of a flow at its line. */
export function codePlaceOf(selection: Selection, project: Project, files: readonly EmittedFile[]): CodePlace | null {
  switch (selection.kind) {
    case 'local-entities':
      return entityPlace(selection.ids.at(-1) ?? '', project, files)
    case 'local-attribute':
      return entityPlace(selection.entity, project, files)
    case 'sync-unit':
      return unitPlace(selection.id, project, files)
    case 'flow-node': {
      const unit = unitPlace(selection.unit, project, files)
      const text = files.find(({ path }) => path === unit?.path)?.text
      if (!unit || text === undefined) return null
      const lines = text.split('\n')
      const end = lines.findIndex((line, index) => index >= unit.line && line === '}')
      const at = lines.findIndex(
        (line, index) => index >= unit.line && index < end && line.includes(`step('${selection.node}')`),
      )
      return at < 0 ? unit : { path: unit.path, line: at + 1 }
    }
    case 'server-entity':
    case 'group':
    case 'note':
    case 'none':
      return null
  }
}

function entityPlace(id: string, project: Project, files: readonly EmittedFile[]): CodePlace | null {
  const entity = project.localEntities[id]
  return entity ? find(files, 'src/entities.ts', new RegExp(`\\binterface ${pascalCase(entity.name)}Row\\b`)) : null
}

function unitPlace(id: string, project: Project, files: readonly EmittedFile[]): CodePlace | null {
  const unit = project.syncUnits[id]
  if (!unit) return null
  return find(files, 'src/units.ts', new RegExp(`\\bfunction run${pascalCase(unit.name)}\\b`))
}

function find(files: readonly EmittedFile[], path: string, pattern: RegExp): CodePlace | null {
  const file = files.find((candidate) => candidate.path === path)
  const line = file?.text.split('\n').findIndex((text) => pattern.test(text)) ?? -1
  return line < 0 ? null : { path, line: line + 1 }
}
