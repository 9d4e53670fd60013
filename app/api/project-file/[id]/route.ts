export { projectFileRoute as GET } from '@/designer/server/download-routes'
