import { whyNoFile, whyNotOnDemand } from '@/designer/compiler/1-validate/attribute-settings'
import { attributeSize, LARGE_BYTES, mayBeLarge } from '@/designer/model/attribute-size'
import { setAttributeTransfer } from '@/designer/model/operations/attribute-settings'
import { useEdit, useProject } from '@/designer/stores/session'
import { counted, formatBytes } from '../../ui/format'
import { Segmented } from '../../ui/segmented'
import { type TransferCost, transferCosts } from './transfer-costs'
import type { AttributeProps } from './types'

/** How large it is, and whether it comes with its row, when the app asks for it, or as a file. */
export function TransferSection({ entity, attribute, origin }: AttributeProps) {
  const serverEntities = useProject((project) => project.serverEntities)
  const rows = useProject((project) => project.serverEntities[entity.root]?.rowEstimate ?? null)
  const edit = useEdit()
  if (origin.kind === 'missing') return null
  const { bytes, measured } =
    origin.kind === 'computed' ? attributeSize({ type: origin.type, averageBytes: null }) : attributeSize(origin.server)
  const type = origin.kind === 'computed' ? origin.type : origin.server.type
  const isLarge = mayBeLarge(type) || bytes >= LARGE_BYTES
  const costs = transferCosts({
    bytes,
    rows,
    whyNotOnDemand: whyNotOnDemand({ serverEntities }, entity, attribute.id),
    whyNoFile: whyNoFile({ serverEntities }, entity, attribute.id),
  })
  const free = costs.filter(({ why, transfer }) => why === null || transfer === attribute.transfer)
  const isChoice = attribute.transfer !== 'inline' || (isLarge && free.length > 1)
  const total = rows ? bytes * rows : null
  return (
    <div className="section gap-3">
      <h3 className="section-title">Size</h3>
      <dl className="facts">
        <dt>A value</dt>
        <dd>
          {formatBytes(Math.round(bytes))} {measured ? 'on average, measured' : 'or so, by its type'}
        </dd>
        {total !== null && (
          <>
            <dt>All rows</dt>
            <dd>
              {formatBytes(Math.round(total))} of {counted(rows ?? 0, 'row')}
            </dd>
          </>
        )}
      </dl>
      {isChoice && (
        <Segmented
          label="Comes to the device"
          value={attribute.transfer}
          options={free.map(({ transfer, label }) => ({ value: transfer, label }))}
          onChange={(transfer) =>
            edit(`Set how “${entity.name}.${attribute.name}” comes`, (draft) =>
              setAttributeTransfer(draft, entity.id, attribute.id, transfer),
            )
          }
        />
      )}
      {isChoice &&
        free.map((cost) => <Cost key={cost.transfer} cost={cost} chosen={cost.transfer === attribute.transfer} />)}
      {isLarge &&
        costs.map(({ transfer, label, why }) =>
          why === null || transfer === attribute.transfer ? null : (
            <p key={transfer} className="hint">
              Not {label}: it {why}.
            </p>
          ),
        )}
    </div>
  )
}

function Cost({ cost, chosen }: { readonly cost: TransferCost; readonly chosen: boolean }) {
  return (
    <div className="grid gap-1" aria-current={chosen || undefined}>
      <p className={chosen ? 'label' : 'label text-ink-muted'}>
        {cost.label}
        {chosen && ' (chosen)'}
      </p>
      <dl className="facts">
        <dt>On each device</dt>
        <dd>{cost.onDevice}</dd>
        <dt>First sync</dt>
        <dd>{cost.firstSync}</dd>
        <dt>Offline</dt>
        <dd>{cost.offline}</dd>
      </dl>
    </div>
  )
}
