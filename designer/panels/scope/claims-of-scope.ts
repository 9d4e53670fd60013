import { readScope } from '@/designer/compiler/2-lower/scopes/read-scope'
import type { Project, Scope, ServerEntity } from '@/designer/model'

/** The claims that a scope reads, with those of the scopes that it follows. */
export const claimsOfScope = (project: Project, root: ServerEntity, scope: Scope): readonly string[] =>
  readScope(project, root, scope).rule?.claims ?? []
