/** How a project's records are known and kept: by short ids that never change. */
import { z } from 'zod'

export const Id = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'an id is lower-case letters, digits and _, 2 to 40 long')

export const records = <T extends z.ZodType>(value: T) => z.record(Id, value)
