import { CircleCheck } from 'lucide-react'
import { useStore } from 'zustand'
import { DIAGNOSTICS, type Diagnostic } from '@/designer/compiler/diagnostics'
import type { Project } from '@/designer/model/project'
import { useProject, useSession } from '@/designer/stores/session'
import { FixButtons } from './problem-list'
import { SeverityIcon } from './severity-icon'
import { SqlAskingNote } from './sql-asking-note'
import { useJump } from './use-jump'

/** All that the compiler has to say; each line leads to what it is about. */
export function ProblemsPanel() {
  const { compilation } = useSession()
  const { kind, fault, diagnostics } = useStore(compilation)
  if (kind === 'failed') {
    return (
      <p className="callout callout-error m-3" role="alert">
        The compiler failed, which is a fault of Syncline and not of your project: {fault}
      </p>
    )
  }
  if (diagnostics.length === 0) {
    return (
      <div className="empty-state">
        <CircleCheck className="text-ok" aria-hidden />
        <p>{kind === 'waiting' ? 'Checking the project' : 'No problems. The project compiles.'}</p>
        <SqlAskingNote />
      </div>
    )
  }
  return (
    <div className="panel-body h-full">
      <ul className="divide-y divide-line" aria-label="Problems">
        {diagnostics.map((diagnostic) => (
          <Problem key={`${diagnostic.code} ${diagnostic.message}`} diagnostic={diagnostic} />
        ))}
      </ul>
      <div className="px-3 py-1.5">
        <SqlAskingNote />
      </div>
    </div>
  )
}

function Problem({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  const { code, severity, message, target } = diagnostic
  const jump = useJump()
  const where = useProject((project) => placeOf(project, target))
  return (
    <li className="row-interactive relative flex items-start gap-2 py-1 pr-2 pl-3">
      <SeverityIcon severity={severity} />
      <button
        type="button"
        className="min-w-0 flex-1 py-0.5 text-left after:absolute after:inset-0"
        title={DIAGNOSTICS[code].explanation}
        onClick={() => jump(target)}
      >
        {message}
      </button>
      <span className="name row-note leading-6">{where}</span>
      <span className="name row-note leading-6">{code}</span>
      <span className="relative z-[1]">
        <FixButtons found={diagnostic} />
      </span>
    </li>
  )
}

function placeOf(project: Project, target: Diagnostic['target']): string {
  switch (target.kind) {
    case 'localEntity':
      return project.localEntities[target.id]?.name ?? ''
    case 'localAttribute': {
      const entity = project.localEntities[target.entity]
      return `${entity?.name ?? ''}.${entity?.attributes[target.id]?.name ?? ''}`
    }
    case 'serverEntity':
      return project.serverEntities[target.id]?.name ?? ''
    case 'syncUnit':
      return project.syncUnits[target.id]?.name ?? ''
    default:
      return ''
  }
}
