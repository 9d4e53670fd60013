import type { PatternKind } from '@/designer/model/project'

/** 0 as it was, 1 changed on the server, 2 changed on the device, 3 gone or not there. */
type RowState = 0 | 1 | 2 | 3

interface Drawing {
  readonly server: readonly RowState[]
  readonly device: readonly RowState[]
  readonly arrows: readonly ('up' | 'down')[]
  /** Rows that stand further in belong to the one above. */
  readonly indented?: boolean
  /** What stands between the arrows. */
  readonly sign?: '≠' | '+'
}

const DRAWINGS: Readonly<Record<PatternKind, Drawing>> = {
  'read-only': { server: [1, 1, 1], device: [1, 1, 1], arrows: ['down'] },
  'read-only-delta': { server: [1, 0, 0], device: [1, 0, 0], arrows: ['down'] },
  'last-write-wins': { server: [1, 2, 0], device: [1, 2, 0], arrows: ['up', 'down'] },
  'conflict-detection': { server: [1, 0, 0], device: [2, 0, 0], arrows: ['up', 'down'], sign: '≠' },
  'one-to-many': { server: [0, 1, 2], device: [0, 1, 2], arrows: ['up', 'down'], indented: true },
  'append-only': { server: [0, 0, 2], device: [3, 3, 2], arrows: ['up'] },
  merge: { server: [2, 0, 0], device: [2, 0, 0], arrows: ['up', 'down'], sign: '+' },
  'on-demand': { server: [0, 0, 0], device: [3, 1, 3], arrows: ['up', 'down'] },
}

/** A small picture of what a pattern does: the server above, the device below, and which way rows go. */
export function PatternPicture({ kind }: { readonly kind: PatternKind }) {
  const { server, device, arrows, indented = false, sign } = DRAWINGS[kind]
  return (
    <svg width="42" height="50" viewBox="11 1 42 50" fill="none" aria-hidden className="flex-none">
      <Store x={12} y={2} tone="var(--server)" rows={server} indented={indented} />
      <Store x={12} y={32} tone="var(--device)" rows={device} indented={indented} />
      {arrows.map((way, index) => {
        const x = arrows.length === 1 ? 32 : index === 0 ? 24 : 40
        return way === 'up' ? <Arrow key={way} x={x} from={31} to={21} /> : <Arrow key={way} x={x} from={21} to={31} />
      })}
      {sign && (
        <text x="32" y="30" textAnchor="middle" fontSize="11" fontWeight="700" fill="var(--hued-ink)">
          {sign}
        </text>
      )}
    </svg>
  )
}

interface StoreProps {
  readonly x: number
  readonly y: number
  readonly tone: string
  readonly rows: readonly RowState[]
  readonly indented: boolean
}

function Store({ x, y, tone, rows, indented }: StoreProps) {
  return (
    <>
      <rect x={x} y={y} width="40" height="18" rx="3" stroke={tone} strokeWidth="1.25" fill="var(--surface-1)" />
      {rows.map((state, index) => {
        const indent = indented && index > 0 ? 8 : 0
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: three lines of a drawing.
            key={index}
            x={x + 4 + indent}
            y={y + 3.5 + index * 4.5}
            width={(state === 0 ? 32 : 24) - indent}
            height="2.5"
            rx="1"
            fill={state === 0 ? 'var(--line-strong)' : state === 3 ? 'none' : 'var(--hued-ink)'}
            stroke={state === 3 ? 'var(--line)' : 'none'}
            strokeWidth="0.75"
          />
        )
      })}
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
