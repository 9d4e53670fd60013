export { trpcRoute as GET, trpcRoute as POST } from '@/designer/server/trpc-route'
