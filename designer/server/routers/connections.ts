import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { parseConnectionUrl } from '@/designer/schema/connection-url'
import { tryConnection } from '@/designer/schema/try-connection'
import { ById, storedProject, t } from './trpc'

/** Never answers an address: only where it leads. */
export const connections = t.router({
  describe: t.procedure.input(ById).query(async ({ ctx, input }) => {
    await storedProject(ctx, input.id)
    return ctx.application.connections.describe(input.id)
  }),

  set: t.procedure.input(z.object({ id: z.string(), url: z.string() })).mutation(async ({ ctx, input }) => {
    await storedProject(ctx, input.id)
    const target = parseConnectionUrl(input.url)
    if ('kind' in target) throw new TRPCError({ code: 'BAD_REQUEST', message: target.message })
    await ctx.application.connections.set(input.id, input.url)
    return ctx.application.connections.describe(input.id)
  }),

  remove: t.procedure.input(ById).mutation(async ({ ctx, input }) => {
    await storedProject(ctx, input.id)
    await ctx.application.connections.remove(input.id)
  }),

  /** Connects to the address that is given, or else to the one that is kept. */
  test: t.procedure
    .input(z.object({ id: z.string(), url: z.string().optional() }))
    .mutation(async ({ ctx, input, signal }) => {
      await storedProject(ctx, input.id)
      const url = input.url ?? (await ctx.application.connections.urlOf(input.id))
      if (url === null)
        return { kind: 'failed' as const, message: 'No connection is kept for this project. Give its address first.' }
      return tryConnection(url, signal)
    }),
})
