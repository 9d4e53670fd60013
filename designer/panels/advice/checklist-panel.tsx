import { ListChecks } from 'lucide-react'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { CHECKLIST } from '@/designer/compiler/checklist/checklist'
import type { Diagnostic } from '@/designer/compiler/diagnostics'
import { useProject, useSession } from '@/designer/stores/session'
import { AcceptedRow } from './accepted-row'
import { FindingRow } from './finding-row'
import { RuleHead, type RuleState } from './rule-head'

/** The offline sync checklist: what was found, with evidence and a fix, what the team has accepted, and what is in order. */
export function ChecklistPanel() {
  const { compilation } = useSession()
  const kind = useStore(compilation, (state) => state.kind)
  const diagnostics = useStore(compilation, (state) => state.diagnostics)
  const accepted = useStore(compilation, (state) => state.accepted)
  const isEmpty = useProject((project) => Object.keys(project.localEntities).length === 0)
  const rules = useMemo(() => rulesWith(diagnostics, accepted), [diagnostics, accepted])
  if (isEmpty) {
    return (
      <div className="empty-state">
        <ListChecks aria-hidden />
        <h3>Nothing to check yet</h3>
        <p>
          What lives on the device is held against {CHECKLIST.length} rules of offline sync as soon as there is some.
        </p>
      </div>
    )
  }
  const withFindings = rules.filter(({ state }) => state !== 'kept')
  const kept = rules.filter(({ state }) => state === 'kept')
  const findings = withFindings.reduce((total, { open }) => total + open.length, 0)
  return (
    <div className="panel-body h-full" aria-busy={kind === 'compiling'}>
      <p className="checklist-sum" role="status">
        {findings === 0
          ? `${kept.length} of ${rules.length} rules are kept${kept.length < rules.length ? '; the rest is accepted' : ''}.`
          : `${findings === 1 ? 'One finding' : `${findings} findings`}; ${kept.length} of ${rules.length} rules are kept.`}
      </p>
      {withFindings.map(({ rule, state, open, accepted: lived }) => (
        <section key={rule.code} aria-label={rule.asks} className="checklist-rule">
          <RuleHead rule={rule} state={state} count={open.length} />
          <ul>
            {open.map((finding) => (
              <FindingRow key={finding.message} finding={finding} />
            ))}
            {lived.map((finding) => (
              <AcceptedRow key={finding.message} finding={finding} />
            ))}
          </ul>
        </section>
      ))}
      <ul className="checklist-kept" aria-label="Rules that are kept">
        {kept.map(({ rule }) => (
          <li key={rule.code}>
            <RuleHead rule={rule} state="kept" count={0} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function rulesWith(diagnostics: readonly Diagnostic[], accepted: readonly Diagnostic[]) {
  return CHECKLIST.map((rule) => {
    const open = diagnostics.filter(({ code }) => code === rule.code)
    const lived = accepted.filter(({ code }) => code === rule.code)
    const state: RuleState = open.length > 0 ? 'found' : lived.length > 0 ? 'accepted' : 'kept'
    return { rule, state, open, accepted: lived }
  })
}
