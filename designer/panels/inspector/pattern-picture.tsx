import type { PatternKind } from '@/designer/model/project'

/** A small picture of what a pattern does: the server above, the device below, and which way rows go. */
export function PatternPicture({ kind }: { readonly kind: PatternKind }) {
  const writes = kind === 'last-write-wins'
  return (
    <svg width="64" height="52" viewBox="0 0 64 52" fill="none" aria-hidden className="flex-none">
      <Store x={12} y={2} tone="var(--server)" rows={[1, writes ? 2 : 0, 0]} />
      <Store x={12} y={32} tone="var(--device)" rows={[1, writes ? 2 : 0, 0]} />
      {writes ? (
        <>
          <Arrow x={26} from={31} to={21} />
          <Arrow x={38} from={21} to={31} />
        </>
      ) : (
        <Arrow x={32} from={21} to={31} />
      )}
    </svg>
  )
}

interface StoreProps {
  readonly x: number
  readonly y: number
  readonly tone: string
  /** 0 as it was, 1 changed on the server, 2 changed on the device. */
  readonly rows: readonly number[]
}

function Store({ x, y, tone, rows }: StoreProps) {
  return (
    <>
      <rect x={x} y={y} width="40" height="18" rx="3" stroke={tone} strokeWidth="1.25" fill="var(--surface-1)" />
      {rows.map((state, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: three lines of a drawing.
          key={index}
          x={x + 4}
          y={y + 3.5 + index * 4.5}
          width={state === 0 ? 32 : 24}
          height="2.5"
          rx="1"
          fill={state === 0 ? 'var(--line-strong)' : 'var(--hued-ink)'}
        />
      ))}
    </>
  )
}

function Arrow({ x, from, to }: { readonly x: number; readonly from: number; readonly to: number }) {
  const tip = Math.sign(to - from) * 3.5
  return (
    <path
      d={`M${x} ${from}V${to}M${x - 3} ${to - tip}L${x} ${to}L${x + 3} ${to - tip}`}
      stroke="var(--hued-ink)"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  )
}
