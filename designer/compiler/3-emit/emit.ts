/** Third phase: the intermediate representation becomes text, one file of this folder for each kind of file. */
import type { Ir } from '../ir'
import { emitBundle } from './bundle'
import { emitDeclarations } from './declarations'
import { emitEntities } from './entities'
import type { CompiledFile } from './file'
import { emitHandlers } from './handlers'
import { emitPackage } from './package'
import { emitSchema } from './schema'
import { emitSql } from './sql'
import { emitUnits } from './units'

export const emit = (ir: Ir): readonly CompiledFile[] => [
  emitEntities(ir),
  emitSchema(ir),
  emitUnits(ir),
  emitHandlers(ir),
  emitBundle(ir),
  ...emitSql(ir),
  ...emitDeclarations(),
  ...emitPackage(ir),
]
