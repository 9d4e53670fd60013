export { exportRoute as GET } from '@/designer/server/download-routes'
