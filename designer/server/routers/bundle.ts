import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import type { BundleFile } from '../bundle-builder'
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
      if (built.kind !== 'built') return built
      // Source maps are for the debuggers of apps: larger than all the rest, and nothing that a page shows or runs.
      const isMap = ({ path }: BundleFile) => path.endsWith('.map')
      const maps = built.files.filter(isMap)
      return {
        ...built,
        files: built.files.filter((file) => !isMap(file)),
        sourceMaps: { count: maps.length, bytes: maps.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) },
        revision: stored.revision,
      }
    }),
})
