import { whyNotOnDemand } from '@/designer/compiler/1-validate/attribute-settings'
import { attributeSize, LARGE_BYTES, mayBeLarge } from '@/designer/model/attribute-size'
import { setAttributeTransfer } from '@/designer/model/operations/attribute-settings'
import { useEdit, useProject } from '@/designer/stores/session'
import { counted, formatBytes } from '../../ui/format'
import { Segmented } from '../../ui/segmented'
import type { AttributeProps } from './types'

/** How large it is, and whether it comes with its row or when the app asks for it. */
export function TransferSection({ entity, attribute, origin }: AttributeProps) {
  const serverEntities = useProject((project) => project.serverEntities)
  const rows = useProject((project) => project.serverEntities[entity.root]?.rowEstimate ?? null)
  const edit = useEdit()
  if (origin.kind === 'missing') return null
  const { bytes, measured } =
    origin.kind === 'computed' ? attributeSize({ type: origin.type, averageBytes: null }) : attributeSize(origin.server)
  const type = origin.kind === 'computed' ? origin.type : origin.server.type
  const isLarge = mayBeLarge(type) || bytes >= LARGE_BYTES
  const why = whyNotOnDemand({ serverEntities }, entity, attribute.id)
  const isChoice = attribute.transfer === 'on-demand' || (isLarge && why === null)
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
      {isLarge && !isChoice && <p className="hint">It comes with its row: it {why}.</p>}
      {isChoice && (
        <Segmented
          label="Comes to the device"
          value={attribute.transfer}
          options={[
            { value: 'inline', label: 'with its row' },
            { value: 'on-demand', label: 'on demand' },
          ]}
          hint={
            attribute.transfer === 'inline'
              ? `There offline for every row${total === null ? '' : `, at ${formatBytes(Math.round(total))} for all of them`}. Each change of it is sent with the row.`
              : `Nothing of it at first; ${formatBytes(Math.round(bytes))} or so and one request when the app asks for a row’s. Offline there is what was asked for; it is only read.`
          }
          onChange={(transfer) =>
            edit(`Set how “${entity.name}.${attribute.name}” comes`, (draft) =>
              setAttributeTransfer(draft, entity.id, attribute.id, transfer),
            )
          }
        />
      )}
    </div>
  )
}
