/** A syncline: layers of rock folded into a trough. */
export function Logo({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden strokeLinecap="round">
      <path d="M2 4.5c2.6 0 3.4 3 8 3s5.4-3 8-3" stroke="var(--accent)" strokeWidth="2" />
      <path d="M2 9.2c2.6 0 3.4 3.2 8 3.2s5.4-3.2 8-3.2" stroke="var(--accent)" strokeWidth="2" opacity=".66" />
      <path d="M2 14c2.6 0 3.4 3.3 8 3.3s5.4-3.3 8-3.3" stroke="var(--accent)" strokeWidth="2" opacity=".4" />
    </svg>
  )
}
