/** Which of the server's rows a device holds: a tree of conditions over attributes, claims and relations, or SQL. */
import { z } from 'zod'
import { Id } from './records'

const ScopeOperand = z.discriminatedUnion('kind', [
  /** An attribute of the server entity that the filter is about: the root, or inside `exists` the related one. */
  z.strictObject({ kind: z.literal('attribute'), attribute: Id }),
  /** A server attribute at the end of foreign keys, from that entity outwards. */
  z.strictObject({ kind: z.literal('joined'), path: z.array(Id).min(1), attribute: Id }),
  z.strictObject({ kind: z.literal('claim'), name: z.string() }),
  z.strictObject({ kind: z.literal('constant'), value: z.string().nullable() }),
  z.strictObject({ kind: z.literal('now-minus'), seconds: z.number().nonnegative() }),
])
export type ScopeOperand = z.infer<typeof ScopeOperand>

export type ScopeFilter =
  | { kind: 'and' | 'or'; terms: ScopeFilter[] }
  | { kind: 'not'; term: ScopeFilter }
  | {
      kind: 'compare'
      operator: '=' | '<>' | '<' | '<=' | '>' | '>=' | 'like' | 'in'
      left: ScopeOperand
      right: ScopeOperand[]
    }
  /** A row exists to which the foreign key leads, or from which it leads here, and `term` holds for it. */
  | { kind: 'exists'; foreignKey: string; term: ScopeFilter }
  /** The row to which the foreign key leads is on the device too: it lies in the scope of its own local entity. */
  | { kind: 'in-scope'; foreignKey: string }

export const ScopeFilter: z.ZodType<ScopeFilter> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['and', 'or']), terms: z.array(ScopeFilter) }),
    z.strictObject({ kind: z.literal('not'), term: ScopeFilter }),
    z.strictObject({
      kind: z.literal('compare'),
      operator: z.enum(['=', '<>', '<', '<=', '>', '>=', 'like', 'in']),
      left: ScopeOperand,
      right: z.array(ScopeOperand),
    }),
    z.strictObject({ kind: z.literal('exists'), foreignKey: Id, term: ScopeFilter }),
    z.strictObject({ kind: z.literal('in-scope'), foreignKey: Id }),
  ]),
)

/** Which of the server's rows a session's device holds. */
export const Scope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('filter'), filter: ScopeFilter }),
  /** A condition over the server's row `b` and `session`: its `claims`, `user_name` and `at`. */
  z.strictObject({ kind: z.literal('sql'), where: z.string() }),
])
export type Scope = z.infer<typeof Scope>
