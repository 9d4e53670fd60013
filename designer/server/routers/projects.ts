import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { emptyProject, Project, parseProject } from '@/designer/model'
import { newProjectId } from '../ids'
import { makeSample } from '../sample'
import { ById, notFound, storedProject, t } from './trpc'

export const projects = t.router({
  list: t.procedure.query(({ ctx }) => ctx.application.projects.list()),

  get: t.procedure.input(ById).query(({ ctx, input }) => storedProject(ctx, input.id)),

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
