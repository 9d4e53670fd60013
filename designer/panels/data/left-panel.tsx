import type { ReactNode } from 'react'
import { usePanels, useSession } from '@/designer/stores/session'
import { Outline } from '../outline/outline'

const TABS = [
  { id: 'schema', label: 'Schema' },
  { id: 'outline', label: 'Outline' },
] as const

/** What there is to take from the server, or what has been taken. */
export function LeftPanel({ schema }: { readonly schema: ReactNode }) {
  const { panels } = useSession()
  const shown = usePanels((state) => state.leftTab)
  return (
    <div className="panel h-full">
      <div className="flex flex-none p-2 pb-0">
        <fieldset className="segmented flex-1">
          <legend className="visually-hidden">Left panel</legend>
          {TABS.map(({ id, label }) => (
            <button
              key={id}
              type="button"
              className="tab flex-1 justify-center"
              aria-pressed={shown === id}
              onClick={() => panels.setState({ leftTab: id })}
            >
              {label}
            </button>
          ))}
        </fieldset>
      </div>
      {/* The tree stays, so that it is found as it was left. */}
      <div className="min-h-0 flex-1" hidden={shown !== 'schema'}>
        {schema}
      </div>
      {shown === 'outline' && (
        <div className="min-h-0 flex-1">
          <Outline />
        </div>
      )}
    </div>
  )
}
