import { ChevronLeft, FileCode2 } from 'lucide-react'
import { useStore } from 'zustand'
import { useUnitFlow } from '@/designer/canvas/flow-canvas'
import { STEP_SIGNS, stepHue } from '@/designer/canvas/flow-node/step-signs'
import { useProject, useSession } from '@/designer/stores/session'
import { codePlaceOf } from '../code/code-place'
import { IconButton } from '../ui/icon-button'
import { PatternBadge } from '../ui/pattern-sign'

/** What one step does, for which entities, and the code that it becomes. */
export function StepInspector({ unit, step: id }: { readonly unit: string; readonly step: string }) {
  const graph = useUnitFlow(unit)
  const { selection } = useSession()
  const entities = useProject((project) => project.localEntities)
  const unitName = useProject((project) => project.syncUnits[unit]?.name)
  const step = graph.nodes.find((node) => node.id === id)
  if (!step) return <p className="p-3 text-ink-muted">This step is no longer part of the flow.</p>
  const { title, Icon, does } = STEP_SIGNS[step.kind]
  return (
    <>
      <div className="panel-head pl-1">
        <IconButton label={`Back to ${unitName}`} onClick={() => selection.select({ kind: 'sync-unit', id: unit })}>
          <ChevronLeft />
        </IconButton>
        <span className="hued step-sign" style={stepHue(step.kind)}>
          <Icon aria-hidden />
        </span>
        <h2 className="panel-title flex-1">{title}</h2>
        <span className={`badge ${step.lane === 'device' ? 'text-device' : 'text-server'}`}>{step.lane}</span>
      </div>
      <div className="panel-body">
        <div className="section">
          <p>{does}</p>
        </div>
        {step.entities.length > 0 && (
          <div className="border-line border-b py-3">
            <h3 className="section-title px-3 pb-1">
              Entities <span className="badge">{step.entities.length}</span>
            </h3>
            <ul>
              {step.entities.map((entityId) => {
                const entity = entities[entityId]
                return (
                  entity && (
                    <li key={entityId} className="row px-3">
                      <span className="name row-text">{entity.name}</span>
                      <PatternBadge kind={entity.pattern.kind} />
                    </li>
                  )
                )
              })}
            </ul>
          </div>
        )}
        <StepCode unit={unit} step={id} lane={step.lane} />
      </div>
    </>
  )
}

/** A pull of many entities is long; the file has the rest. */
const MOST_LINES = 8

function StepCode({ unit, step, lane }: { readonly unit: string; readonly step: string; readonly lane: string }) {
  const { compilation, panels } = useSession()
  const files = useStore(compilation, (state) => state.files)
  const project = useProject((p) => p)
  const place = codePlaceOf({ kind: 'flow-node', unit, node: step }, project, files)
  const text = files.find(({ path }) => path === place?.path)?.text
  const lines = place && text ? stepLines(text.split('\n').slice(place.line - 1)) : []
  const found = lines[0]?.includes('step(') ?? false
  return (
    <div className="section">
      <h3 className="section-title">Generated code</h3>
      {found ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled sideways with the keyboard. */}
          <pre tabIndex={0} className="overflow-auto rounded-md border border-line bg-surface-2 p-2">
            {dedent(lines).join('\n')}
          </pre>
          <button type="button" className="btn btn-sm justify-self-start" onClick={() => panels.showBottom('code')}>
            <FileCode2 aria-hidden /> Open in the file
          </button>
        </>
      ) : (
        <p className="hint">
          {lane === 'server'
            ? 'The server does this for every bundle in the same way: it is part of the runtime, and has no code of its own here.'
            : 'There is no code for it until the project has no errors.'}
        </p>
      )}
    </div>
  )
}

/** From a step's line to the next step, or to the end of the flow. */
function stepLines(lines: readonly string[]): string[] {
  const end = lines.findIndex((line, index) => index > 0 && (line === '}' || line.includes('flow.step(')))
  const own = lines.slice(0, end < 0 ? undefined : end)
  return own.length > MOST_LINES ? [...own.slice(0, MOST_LINES), '    …'] : own
}

function dedent(lines: readonly string[]): string[] {
  const indent = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length),
  )
  return lines.map((line) => line.slice(indent))
}
