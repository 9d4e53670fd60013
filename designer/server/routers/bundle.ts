import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { storedProject, t } from './trpc'

export const bundle = t.router({
  /** Compiles what is stored; with a `revision`, only if that is still the one stored. */
  build: t.procedure
    .input(z.object({ id: z.string(), revision: z.number().int().optional() }))
    .query(async ({ ctx, input }) => {
      const stored = await storedProject(ctx, input.id)
      if (input.revision !== undefined && input.revision !== stored.revision) {
        throw new TRPCError({
          code: 'CONFLICT',
          message: `Revision ${input.revision} is no longer stored: ${stored.revision} is. Build that one.`,
        })
      }
      const built = await ctx.application.bundles.build(stored.project)
      return built.kind === 'built' ? { ...built, revision: stored.revision } : built
    }),
})
