import { Braces, ChevronDown, ChevronUp, CircleAlert, FileCode2, Filter, Gauge, ListChecks } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels'
import { useStore } from 'zustand'
import type { BottomTab } from '@/designer/stores/panels'
import { usePanels, useSession } from '@/designer/stores/session'
import { BudgetPanel } from '../advice/budget-panel'
import { ChecklistPanel } from '../advice/checklist-panel'
import { CodePanel } from '../code/code-panel'
import { DocumentPanel } from '../document/document-panel'
import { ProblemsPanel } from '../problems/problems-panel'
import { ScopePanel } from '../scope/scope-panel'
import { IconButton } from '../ui/icon-button'

const BAR_PX = 33
/** Enough for a dozen lines of code, or a scope with its users, when it is opened for the first time. */
const FIRST_HEIGHT_PX = 340

/** The mode above; below it problems and generated code, which fold down to one line. */
export function BottomPanelFrame({ children }: { readonly children: ReactNode }) {
  const { panels } = useSession()
  const open = usePanels((state) => state.bottomOpen)
  const panel = usePanelRef()
  const opened = useRef(false)

  useEffect(() => {
    if (!open) panel.current?.collapse()
    else if (panel.current?.isCollapsed()) {
      // Later it opens to the height that it was left at.
      if (opened.current) panel.current.expand()
      else panel.current.resize(FIRST_HEIGHT_PX)
      opened.current = true
    }
  }, [open, panel])

  return (
    <Group
      orientation="vertical"
      className="min-h-0 flex-1"
      onLayoutChanged={(_layout, { isUserInteraction }) => {
        // Only who drags the edge opens or folds it: a window that grows changes sizes too.
        if (isUserInteraction) panels.setState({ bottomOpen: panel.current?.isCollapsed() === false })
      }}
    >
      <Panel id="mode" minSize={200} className="min-h-0">
        {children}
      </Panel>
      <Separator className="split-handle" aria-label="Height of the lower panel" />
      <Panel
        id="bottom"
        panelRef={panel}
        collapsible
        collapsedSize={BAR_PX}
        minSize={140}
        defaultSize={BAR_PX}
        // Else it grows with the window, and a folded one would open.
        groupResizeBehavior="preserve-pixel-size"
        className="min-h-0"
      >
        <section className="panel h-full" aria-label="Lower panel">
          <BottomBar open={open} />
          {open && <BottomBody />}
        </section>
      </Panel>
    </Group>
  )
}

const TABS = [
  { id: 'problems', label: 'Problems', Icon: CircleAlert, Body: ProblemsPanel },
  { id: 'checklist', label: 'Checklist', Icon: ListChecks, Body: ChecklistPanel },
  { id: 'scope', label: 'Scope', Icon: Filter, Body: ScopePanel },
  { id: 'budget', label: 'Budget', Icon: Gauge, Body: BudgetPanel },
  { id: 'code', label: 'Generated code', Icon: FileCode2, Body: CodePanel },
  { id: 'document', label: 'Project file', Icon: Braces, Body: DocumentPanel },
] as const satisfies readonly {
  readonly id: BottomTab
  readonly Body: () => ReactNode
  readonly [key: string]: unknown
}[]

function BottomBar({ open }: { readonly open: boolean }) {
  const { panels, compilation } = useSession()
  const tab = usePanels((state) => state.bottomTab)
  const problems = useStore(
    compilation,
    (state) => state.diagnostics.filter(({ severity }) => severity !== 'info').length,
  )
  return (
    <div className="flex h-8 flex-none items-center gap-1 border-line border-b px-2">
      <div role="tablist" aria-label="Lower panel" className="tabs">
        {TABS.map(({ id, label, Icon }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={open && tab === id}
            className="tab h-6 text-xs"
            onClick={() => panels.showBottom(id)}
          >
            <Icon aria-hidden />
            {label}
            {id === 'problems' && problems > 0 && <span className="badge">{problems}</span>}
          </button>
        ))}
      </div>
      <IconButton
        label={open ? 'Fold down' : 'Open'}
        side="top"
        className="ml-auto size-6"
        onClick={panels.toggleBottom}
      >
        {open ? <ChevronDown /> : <ChevronUp />}
      </IconButton>
    </div>
  )
}

function BottomBody() {
  const tab = usePanels((state) => state.bottomTab)
  const { Body } = TABS.find(({ id }) => id === tab) ?? TABS[0]
  return (
    <div className="min-h-0 flex-1">
      <Body />
    </div>
  )
}
