import 'server-only'
import { bundle } from './routers/bundle'
import { connections } from './routers/connections'
import { projects } from './routers/projects'
import { scope } from './routers/scope'
import { sql } from './routers/sql'
import { startData } from './routers/start-data'
import { t } from './routers/trpc'

export const appRouter = t.router({ projects, bundle, connections, scope, sql, startData })
export type AppRouter = typeof appRouter
