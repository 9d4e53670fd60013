import { followPath, inOrder } from '@/designer/model'
import { diagnostic } from '../diagnostics'
import type { ChecklistRule } from './rule'

/** Names of what nobody should read on a phone that was left in a train. */
const SENSITIVE =
  /(^|_)(password|passwd|pwd|passphrase|secret|token|api_?key|private_?key|ssn|social_security(_number)?|iban|bank_account|account_number|credit_?card|card_number|cvv|cvc|pin|tax_id|tax_number|passport(_number)?|salary|birth_?date|date_of_birth|dob|diagnosis|blood_type|religion)(_|$)/i

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[\s-]+/g, '_')

export const clearText: ChecklistRule = {
  code: 'SL6005',
  asks: 'What is sensitive is encrypted on the device',
  check: ({ project, entities }) =>
    entities.flatMap(({ entity, root }) =>
      inOrder(entity.attributes).flatMap(([id, { name, source, sensitive }]) => {
        if (sensitive || source.kind === 'computed') return []
        const end = followPath(project, root.id, source.kind === 'root' ? [] : source.path)?.end
        const attribute = end?.attributes[source.attribute]
        const word = [name, attribute?.name ?? ''].map(snake).find((candidate) => SENSITIVE.test(candidate))
        // Whether there is one is no secret.
        if (attribute === undefined || word === undefined || attribute.type === 'boolean') return []
        const isSought =
          end?.primaryKey.includes(attribute.id) ||
          Object.values(end?.foreignKeys ?? {}).some(({ attributes }) => attributes.includes(attribute.id)) ||
          Object.values(entity.indexes).some(({ attributes }) => attributes.includes(id))
        return [
          diagnostic(
            'SL6005',
            { kind: 'localAttribute', entity: entity.id, id },
            `"${name}" of "${entity.name}" looks sensitive by its name (${SENSITIVE.exec(word)?.[2]}) and lies on each device in clear text. ${isSought ? 'It is part of a key, a reference or an index, which can’t be encrypted: leave it out if the app can do without.' : 'Encrypt it, or leave it out.'}`,
            isSought
              ? undefined
              : { title: 'Encrypt it', edit: { kind: 'make-sensitive', entity: entity.id, attribute: id } },
          ),
        ]
      }),
    ),
}
