'use client'
import type { KeyInput } from '@syncline/runtime/contract'
import { useState } from 'react'
import type { EntityShape } from '../../device/messages'
import type { LabDevice } from '../../lab'
import styles from '../preview.module.css'

interface Props {
  readonly device: LabDevice
  readonly entity: EntityShape
  readonly chosenBy: readonly string[]
}

/** Chooses, as the app would, which rows of an entity on demand the next sync brings. */
export function DemandBar({ device, entity, chosenBy }: Props) {
  const [text, setText] = useState('')
  const [said, setSaid] = useState<string | null>(null)
  const names = chosenBy.map((column) => entity.columns.find(({ serverName }) => serverName === column)?.name ?? column)
  const ask = (what: 'choose' | 'release') => {
    device[what](entity.name, keyOf(names, text))
      .then(async () => setSaid(describe((await device.listChosen(entity.name)).length)))
      .catch((error: unknown) => setSaid(error instanceof Error ? error.message : String(error)))
  }
  return (
    <div className={styles.demand}>
      <label className="flex items-center gap-1.5">
        <span className="name">{names.join(', ')}</span>
        <input className="input" value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="button" className="btn btn-sm" disabled={text.trim() === ''} onClick={() => ask('choose')}>
        Choose
      </button>
      <button type="button" className="btn btn-sm" disabled={text.trim() === ''} onClick={() => ask('release')}>
        Release
      </button>
      <span role="status">{said ?? 'Choose rows, then sync.'}</span>
    </div>
  )
}

/** A key of several attributes is written with commas. */
function keyOf(names: readonly string[], text: string): KeyInput {
  const [only = '', ...others] = names
  if (others.length === 0 && only !== '') return text.trim()
  const parts = text.split(',').map((part) => part.trim())
  return Object.fromEntries(names.map((name, index) => [name, parts[index] ?? '']))
}

const describe = (count: number): string => `${count} chosen; sync brings ${count === 1 ? 'its' : 'their'} rows.`
