// The worker's first file is plain JavaScript, because a worker doesn't inherit the loader that its
// parent was started with: it registers its own and goes on in TypeScript.
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

// The working directory may have a tsconfig of its own, which says nothing of our aliases.
register({ tsconfig: fileURLToPath(new URL('../../../tsconfig.json', import.meta.url)) })
await import('./sql-check-job.ts')
