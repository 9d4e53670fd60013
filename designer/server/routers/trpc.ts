import 'server-only'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import { z } from 'zod'
import type { Application } from '../application'
import type { StoredProject } from '../project-store'

export interface TrpcContext {
  readonly application: Application
}

export const createTRPCContext = (application: Application): TrpcContext => ({ application })

/** What every router of the application is made with. */
export const t = initTRPC.context<TrpcContext>().create({ transformer: superjson })

export const ById = z.object({ id: z.string() })

export const notFound = (id: string) =>
  new TRPCError({
    code: 'NOT_FOUND',
    message: `There is no project ${id}: it was removed, or the address is wrong. Choose one from the list.`,
  })

/** The project as it is stored; an error for the page where there is none. */
export async function storedProject({ application }: TrpcContext, id: string): Promise<StoredProject> {
  const stored = await application.projects.get(id)
  if (stored === null) throw notFound(id)
  return stored
}
