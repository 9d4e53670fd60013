'use client'
import { Check, CircleDashed, Diff } from 'lucide-react'
import { useLab } from '../lab-context'
import styles from '../preview.module.css'

/** Whether a device holds what the server holds, as their databases say. */
export function Convergence({ device }: { readonly device: string }) {
  const comparison = useLab((state) => state.comparisons[device])
  if (!comparison)
    return (
      <span className="badge" data-verdict="unknown">
        <CircleDashed aria-hidden />
        Comparing
      </span>
    )
  const different = comparison.filter(({ equal }) => !equal)
  const details = comparison
    .map(
      ({ entity, equal, deviceRows, serverRows }) =>
        `${entity}: ${equal ? 'equal' : 'different'}, ${deviceRows} rows here, ${serverRows} on the server`,
    )
    .join('\n')
  if (different.length === 0) {
    return (
      <span className="badge badge-ok" data-verdict="equal" title={details}>
        <Check aria-hidden />
        Equals the server
      </span>
    )
  }
  return (
    <span className={`badge badge-conflict ${styles.verdict}`} data-verdict="different" title={details}>
      <Diff aria-hidden />
      Differs in {different.length === 1 ? different[0]?.entity : `${different.length} tables`}
    </span>
  )
}
