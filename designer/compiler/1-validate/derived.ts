/** Rules on attributes that are no column of the root: paths that lead somewhere, and expressions that can be computed. */
import { attributeOrigin, deviceType, inOrder, originType, type Project } from '@/designer/model'
import { readDerived } from '../2-lower/derived'
import { type Diagnostic, diagnostic, type Fix } from '../diagnostics'

export function checkDerived(project: Project): Diagnostic[] {
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    if (root === undefined) return []
    return inOrder(entity.attributes).flatMap(([attributeId, attribute]): Diagnostic[] => {
      const read = readDerived(project, root, attribute)
      if (read === null) return []
      const target = { kind: 'localAttribute', entity: id, id: attributeId } as const
      const label = `"${attribute.name}" of "${entity.name}"`
      const remove: Fix = {
        title: `Leave out ${attribute.name}`,
        edit: { kind: 'remove-attribute', entity: id, attribute: attributeId },
      }
      if (read.kind === 'faulty') {
        return read.faults.map(({ code, says }) =>
          code === 'SL3013' || code === 'SL3014'
            ? diagnostic(code, target, `${label} ${says} Mend the expression, or leave the attribute out.`, remove)
            : diagnostic(code, target, `${label} ${says} Leave the attribute out.`, remove),
        )
      }
      const type = originType(attributeOrigin(project, entity, attribute))
      if (type !== null && deviceType(project, type) === null) {
        return [
          diagnostic(
            'SL3003',
            target,
            `${label} has the type ${type.type}, which a device does not have. Leave the attribute out.`,
            remove,
          ),
        ]
      }
      if (read.canFail === null) return []
      return [
        diagnostic(
          'SL3019',
          target,
          `${label} is computed with ${read.canFail}, which fails for some values: one such row, and no device can pull "${entity.name}". Guard it, as in b.total / nullif(b.pieces, 0).`,
        ),
      ]
    })
  })
}
