export { importRoute as POST } from '@/designer/server/import-route'
