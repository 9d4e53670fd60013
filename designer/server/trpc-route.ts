import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { processApplication } from './process-application'
import { appRouter } from './router'
import { createTRPCContext } from './routers/trpc'
import { guarded } from './same-origin'

export const trpcRoute = guarded((request) =>
  fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: async () => createTRPCContext(await processApplication()),
  }),
)
