'use client'
import { GitCompareArrows } from 'lucide-react'

/** Honest about what is not here yet, and about what happens instead. */
export function ConflictsMode() {
  return (
    <main className="canvas">
      <div className="empty-state">
        <GitCompareArrows aria-hidden />
        <h1>No conflict handlers in this version</h1>
        <p>
          Handlers belong to the conflict-detection pattern, which this version does not have. With last write wins the
          edit that reaches the server last stays, attribute by attribute, and nothing is parked for a decision.
        </p>
      </div>
    </main>
  )
}
