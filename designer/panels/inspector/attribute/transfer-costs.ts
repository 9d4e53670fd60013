import type { LocalAttribute } from '@/designer/model/project'
import { formatBytes } from '../../ui/format'

export interface TransferCost {
  readonly transfer: LocalAttribute['transfer']
  readonly label: string
  /** Why it can't be chosen; null where it can. */
  readonly why: string | null
  readonly onDevice: string
  readonly firstSync: string
  readonly offline: string
}

export interface TransferFacts {
  /** Of one value. */
  readonly bytes: number
  /** On the server; null where it is not known. */
  readonly rows: number | null
  readonly whyNotOnDemand: string | null
  readonly whyNoFile: string | null
}

/** A SHA-256 in hex. */
const NAME_BYTES = 64

/** What each way to the device costs, so that they can be compared before one is chosen. */
export function transferCosts({ bytes, rows, whyNotOnDemand, whyNoFile }: TransferFacts): readonly TransferCost[] {
  const of = (each: number) => (rows === null ? `${size(each)} a row` : size(each * rows))
  const asked = `+ ${size(bytes)} for each that is asked for`
  return [
    {
      transfer: 'inline',
      label: 'with its row',
      why: null,
      onDevice: of(bytes),
      firstSync: of(bytes),
      offline: 'All of them, to read and write. Each edit sends the whole value.',
    },
    {
      transfer: 'on-demand',
      label: 'on demand',
      why: whyNotOnDemand,
      onDevice: `nothing, ${asked}`,
      firstSync: 'nothing',
      offline: 'What was asked for, to read only.',
    },
    {
      transfer: 'file',
      label: 'as a file',
      why: whyNoFile,
      onDevice: `${of(NAME_BYTES)} for names, ${asked}`,
      firstSync: `${of(NAME_BYTES)} for names`,
      offline: 'What was opened or written here, to read; all of them, to write. Uploads go on where they broke off.',
    },
  ]
}

const size = (bytes: number): string => formatBytes(Math.round(bytes))
