'use client'

/** A fault of ours on a page: the project itself is saved, so trying again is safe. */
export default function PageError({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <main className="empty-state">
      <h2>This page ran into a fault</h2>
      <p>{error.message || 'No reason was given.'}</p>
      <p>Your project is kept as it was last saved.</p>
      <button type="button" className="btn" onClick={reset}>
        Try again
      </button>
    </main>
  )
}
