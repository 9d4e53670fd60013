export * from './device-store'
export { openPGlite, type PGliteOptions } from './pglite'
export { openPGliteDeviceStore } from './pglite-device/open-device-store'
