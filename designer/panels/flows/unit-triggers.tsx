import { setUnitNetwork, setUnitPriority, setUnitRetry, setUnitTrigger } from '@/designer/model/operations/sync-units'
import type { SyncUnit } from '@/designer/model/project'
import { useEdit } from '@/designer/stores/session'
import { Segmented } from '../ui/segmented'
import { SwitchRow } from '../ui/switch-row'
import { SecondsField } from './seconds-field'

const SWITCHES = [
  { trigger: 'syncOnOnline', name: 'SyncOnOnline', hint: 'Whenever the device comes back online.' },
  { trigger: 'syncOnLogin', name: 'SyncOnLogin', hint: 'When the device is opened with a session.' },
  { trigger: 'syncOnResume', name: 'SyncOnResume', hint: 'When the app comes back to the foreground.' },
  {
    trigger: 'serverPoke',
    name: 'Server poke',
    hint: 'When rows changed on the server; an online device hears of it at once.',
  },
] as const

/** A suggestion for what is switched on; the field beside it has the last word. */
const EVERY_SECONDS = 300
const AFTER_CHANGE_SECONDS = 2

export function UnitTriggers({ unit }: { readonly unit: SyncUnit }) {
  const edit = useEdit()
  const { triggers } = unit
  const set = (label: string, change: Partial<SyncUnit['triggers']>) =>
    edit(`${label} of “${unit.name}”`, (draft) => setUnitTrigger(draft, unit.id, change))
  return (
    <div className="section gap-3">
      <h3 className="section-title">When it runs</h3>
      {SWITCHES.map(({ trigger, name, hint }) => (
        <SwitchRow
          key={trigger}
          label={name}
          hint={hint}
          isName={trigger !== 'serverPoke'}
          checked={triggers[trigger]}
          onChange={(checked) => set(`Set ${name}`, { [trigger]: checked })}
        />
      ))}
      <SecondsField
        label="After a local change"
        hint="So many seconds after the last of some changes."
        value={triggers.afterLocalChangeInSeconds}
        whenOn={AFTER_CHANGE_SECONDS}
        onChange={(afterLocalChangeInSeconds) => set('Set the delay after changes', { afterLocalChangeInSeconds })}
      />
      <SecondsField
        label="Interval"
        hint="Again and again while online, every so many seconds."
        value={triggers.intervalInSeconds}
        whenOn={EVERY_SECONDS}
        onChange={(intervalInSeconds) => set('Set the interval', { intervalInSeconds })}
      />
      <p className="hint">
        And whenever the app asks: <code>device.sync.trigger('{unit.name}')</code>
      </p>
    </div>
  )
}

export function UnitRetryFields({ unit }: { readonly unit: SyncUnit }) {
  const edit = useEdit()
  const retry = (change: Parameters<typeof setUnitRetry>[2]) =>
    edit(`Set the retries of “${unit.name}”`, (draft) => setUnitRetry(draft, unit.id, change))
  return (
    <div className="section gap-3">
      <h3 className="section-title">When it fails, and who goes first</h3>
      <SecondsField
        label="RetryOnError"
        hint="Tries again after so many seconds where the reason may pass."
        isName
        value={unit.retryOnError ? unit.retryIntervalInSeconds : null}
        whenOn={unit.retryIntervalInSeconds}
        onChange={(seconds) =>
          retry(seconds === null ? { retryOnError: false } : { retryOnError: true, retryIntervalInSeconds: seconds })
        }
      />
      {unit.retryOnError && (
        <Segmented
          label="Each further wait is"
          value={unit.backoff}
          options={[
            { value: 'exponential', label: 'twice as long' },
            { value: 'fixed', label: 'the same' },
          ]}
          onChange={(backoff) => retry({ backoff })}
        />
      )}
      <label className="field">
        <span className="label">Priority</span>
        <input
          type="number"
          className="input"
          step={1}
          value={unit.priority}
          onChange={(event) => {
            const priority = event.target.valueAsNumber
            if (Number.isInteger(priority)) {
              edit(`Set the priority of “${unit.name}”`, (draft) => setUnitPriority(draft, unit.id, priority), {
                coalesce: `priority-${unit.id}`,
              })
            }
          }}
        />
        <span className="hint">Of the units that wait, the one with the highest runs first.</span>
      </label>
      <Segmented
        label="By itself it runs on"
        value={unit.network}
        options={[
          { value: 'any', label: 'any network' },
          { value: 'unmetered', label: 'unmetered ones' },
        ]}
        onChange={(network) =>
          edit(`Set the network of “${unit.name}”`, (draft) => setUnitNetwork(draft, unit.id, network))
        }
      />
    </div>
  )
}
