import { z } from 'zod'
import { ServerEntity, ServerType, type SqlQuestion } from '@/designer/model'
import { t } from './trpc'

const Statement = z.string().max(1_000_000)

const Question = z.object({
  statement: Statement,
  typed: z.object({ statement: Statement, start: z.number().int() }).nullable(),
  value: Statement,
  declaredType: z.string().max(200).nullable(),
  parts: z.array(Statement).max(1000).readonly(),
  tables: z.array(z.string()).readonly(),
}) satisfies z.ZodType<SqlQuestion>

/** SQL of a project that is put to an empty PostgreSQL; mutations because what they are given is too long for an address. */
export const sql = t.router({
  /** The page's own questions: it may be ahead of what is saved. */
  ask: t.procedure
    .input(
      z.object({
        schema: z.object({
          serverTypes: z.record(z.string(), ServerType),
          serverEntities: z.record(z.string(), ServerEntity),
        }),
        questions: z.array(Question).max(2000).readonly(),
      }),
    )
    .mutation(({ ctx, input }) => ctx.application.sqlCheck.ask(input.schema, input.questions)),
})
