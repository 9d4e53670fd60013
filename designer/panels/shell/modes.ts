import { GitCompareArrows, type LucideIcon, PackageOpen, Play, Table2, Waypoints } from 'lucide-react'

export interface Mode {
  readonly id: 'data' | 'flows' | 'conflicts' | 'preview' | 'export'
  readonly label: string
  readonly Icon: LucideIcon
}

export const MODES: readonly Mode[] = [
  { id: 'data', label: 'Data', Icon: Table2 },
  { id: 'flows', label: 'Flows', Icon: Waypoints },
  { id: 'conflicts', label: 'Conflicts', Icon: GitCompareArrows },
  { id: 'preview', label: 'Preview', Icon: Play },
  { id: 'export', label: 'Export', Icon: PackageOpen },
]

export function modePath(projectId: string, mode: Mode['id']): string {
  return `/projects/${projectId}/${mode}`
}
