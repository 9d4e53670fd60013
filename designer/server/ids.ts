import { randomBytes } from 'node:crypto'
import { createIds, type Ids } from '@/designer/model'

export const randomIds: Ids = createIds((length) => randomBytes(length))

/** The id of a project in the store; a new project's document has the same. */
export const newProjectId = (): string => randomIds('project', '', () => false)
