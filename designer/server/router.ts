import 'server-only'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import { z } from 'zod'
import { emptyProject, Project, parseProject } from '@/designer/model'
import type { Application } from './application'
import { newProjectId } from './ids'
import { makeSample } from './sample'

export interface TrpcContext {
  readonly application: Application
}

export const createTRPCContext = (application: Application): TrpcContext => ({ application })

const t = initTRPC.context<TrpcContext>().create({ transformer: superjson })

const ById = z.object({ id: z.string() })

const notFound = (id: string) =>
  new TRPCError({
    code: 'NOT_FOUND',
    message: `There is no project ${id}: it was removed, or the address is wrong. Choose one from the list.`,
  })

const projects = t.router({
  list: t.procedure.query(({ ctx }) => ctx.application.projects.list()),

  get: t.procedure.input(ById).query(async ({ ctx, input }) => {
    const stored = await ctx.application.projects.get(input.id)
    if (stored === null) throw notFound(input.id)
    return stored
  }),

  create: t.procedure
    .input(z.object({ project: Project }))
    .mutation(({ ctx, input }) => ctx.application.projects.create(newProjectId(), input.project, null)),

  createEmpty: t.procedure.input(z.object({ name: z.string().trim().min(1).max(200) })).mutation(({ ctx, input }) => {
    const id = newProjectId()
    return ctx.application.projects.create(id, emptyProject({ id, name: input.name }), null)
  }),

  save: t.procedure
    .input(z.object({ id: z.string(), revision: z.number().int(), project: Project }))
    .mutation(async ({ ctx, input }) => {
      const result = await ctx.application.projects.save(input.id, input.revision, input.project)
      if (result.kind === 'not-found') throw notFound(input.id)
      return result
    }),

  remove: t.procedure.input(ById).mutation(async ({ ctx, input }) => {
    if (!(await ctx.application.projects.remove(input.id))) throw notFound(input.id)
  }),

  restore: t.procedure.input(ById).mutation(async ({ ctx, input }) => {
    if (!(await ctx.application.projects.restore(input.id))) throw notFound(input.id)
  }),

  openSample: t.procedure.mutation(async ({ ctx }) => {
    const sample = await makeSample()
    if (sample.kind === 'failed') throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: sample.message })
    return ctx.application.projects.create(sample.project.id, sample.project, sample.startData)
  }),

  openFile: t.procedure.input(z.object({ text: z.string() })).mutation(async ({ ctx, input }) => {
    const read = parseProject(input.text)
    if (read.kind === 'failed') return { kind: 'failed' as const, message: read.message }
    const { id } = await ctx.application.projects.create(newProjectId(), read.project, null)
    return { kind: 'opened' as const, id }
  }),
})

const bundle = t.router({
  /** Compiles what is stored; with a `revision`, only if that is still the one stored. */
  build: t.procedure
    .input(z.object({ id: z.string(), revision: z.number().int().optional() }))
    .query(async ({ ctx, input }) => {
      const stored = await ctx.application.projects.get(input.id)
      if (stored === null) throw notFound(input.id)
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

export const appRouter = t.router({ projects, bundle })
export type AppRouter = typeof appRouter
