import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { storedProject, t } from './trpc'

export const startData = t.router({
  /** The rows that were read again become those that a preview starts from. */
  take: t.procedure.input(z.object({ id: z.string(), token: z.string() })).mutation(async ({ ctx, input }) => {
    await storedProject(ctx, input.id)
    const taken = await ctx.application.startData.take(input.id, input.token)
    if (taken.kind === 'taken') return { former: taken.former }
    throw new TRPCError({
      code: 'NOT_FOUND',
      message: 'The rows that were read are not there any more. Read the database again to replace the start data.',
    })
  }),
})
