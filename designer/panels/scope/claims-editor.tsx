import { Plus, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import type { TestUser } from '@/designer/model'
import {
  removeTestUser,
  renameTestUser,
  setTestUserClaim,
  setTestUserClaims,
} from '@/designer/model/operations/test-users'
import { useEdit } from '@/designer/stores/session'
import { EditableText } from '../ui/editable-text'
import { IconButton } from '../ui/icon-button'
import { claimKind, claimToText, textToClaim } from './claim-text'

interface Props {
  readonly user: TestUser
  /** Claims that the scope reads. */
  readonly wanted: readonly string[]
}

/** The claims of one user's session: a line each, whose value is text or JSON. */
export function ClaimsEditor({ user, wanted }: Props) {
  const edit = useEdit()
  const [isAdding, setIsAdding] = useState(false)
  const missing = wanted.filter((name) => !(name in user.claims))
  const set = (name: string, text: string) =>
    edit(
      `Set the claim “${name}” of “${user.name}”`,
      (draft) => setTestUserClaim(draft, user.id, name, textToClaim(text)),
      {
        coalesce: `claim ${user.id} ${name}`,
      },
    )
  const rename = (from: string, to: string) =>
    edit(`Rename the claim “${from}”`, (draft) =>
      setTestUserClaims(
        draft,
        user.id,
        Object.fromEntries(Object.entries(user.claims).map(([name, value]) => [name === from ? to : name, value])),
      ),
    )
  return (
    <section className="scope-claims" aria-label={`Claims of ${user.name}`}>
      <div className="flex items-center gap-1">
        <EditableText
          label="Name of the test user"
          className="name font-semibold"
          value={user.name}
          onCommit={(name) =>
            edit(`Rename the test user “${user.name}”`, (draft) => renameTestUser(draft, user.id, name))
          }
        />
        <span className="hint flex-1">session.user_name</span>
        <IconButton
          label={`Remove ${user.name}`}
          className="size-6"
          onClick={() => edit(`Remove the test user “${user.name}”`, (draft) => removeTestUser(draft, user.id))}
        >
          <Trash2 />
        </IconButton>
      </div>
      {Object.entries(user.claims).map(([name, value]) => (
        <div key={name} className="scope-claim">
          <EditableText
            label={`Name of the claim ${name}`}
            className="name scope-claim-name"
            value={name}
            onCommit={(next) => next.trim() !== '' && rename(name, next.trim())}
          />
          <input
            className="input name"
            aria-label={`Claim ${name}`}
            spellCheck={false}
            value={claimToText(value)}
            onChange={(event) => set(name, event.target.value)}
          />
          <span className="hint w-10 flex-none">{claimKind(value)}</span>
          <IconButton
            label={`Remove the claim ${name}`}
            className="size-6"
            onClick={() =>
              edit(`Remove the claim “${name}”`, (draft) => setTestUserClaim(draft, user.id, name, undefined))
            }
          >
            <X />
          </IconButton>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-1">
        {missing.map((name) => (
          <button key={name} type="button" className="btn btn-sm" onClick={() => set(name, '')}>
            <Plus aria-hidden /> {name}
          </button>
        ))}
        {missing.length > 0 && <span className="hint">read by this scope</span>}
        {isAdding ? (
          <input
            ref={(input) => input?.focus()}
            className="input name scope-add-value"
            aria-label="Name of the new claim"
            placeholder="name, Enter"
            spellCheck={false}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setIsAdding(false)
              if (event.key !== 'Enter') return
              const name = event.currentTarget.value.trim()
              if (name !== '') set(name, '')
              setIsAdding(false)
            }}
            onBlur={(event) => {
              const name = event.currentTarget.value.trim()
              if (name !== '') set(name, '')
              setIsAdding(false)
            }}
          />
        ) : (
          <button type="button" className="btn btn-sm btn-ghost" onClick={() => setIsAdding(true)}>
            <Plus aria-hidden /> Claim
          </button>
        )}
      </div>
    </section>
  )
}
