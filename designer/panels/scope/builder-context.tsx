import { createContext, use } from 'react'
import type { Diagnostic } from '@/designer/compiler/diagnostics'
import type { FilterPath, Project, ScopeFilter } from '@/designer/model'

/** What every part of the builder works with. Paths are from the outermost term. */
export interface Builder {
  readonly project: Project
  readonly filter: ScopeFilter
  readonly claims: readonly string[]
  readonly problems: readonly Diagnostic[]
  /** `coalesce` joins what is typed into one step; `focus` is where the keyboard goes on. */
  readonly change: (
    label: string,
    filter: ScopeFilter | null,
    options?: { readonly coalesce?: string; readonly focus?: FilterPath },
  ) => void
}

export const BuilderContext = createContext<Builder | null>(null)

export function useBuilder(): Builder {
  const builder = use(BuilderContext)
  if (builder === null) throw new Error('useBuilder is used outside of a builder')
  return builder
}
