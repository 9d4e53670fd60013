export * from './api'
export * from './bundle'
export { deviceSchemaSql } from './device-schema-sql'
export { serverInstallSql, serverUninstallSql } from './server-schema-sql'
