export { startDataRoute as GET } from '@/designer/server/download-routes'
